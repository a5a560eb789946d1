"""`python3 dev.py bench floor`: ratios within one run, so that a noisy machine changes both sides alike."""

import argparse

from tests.bench import floor


def main() -> None:
    parser = argparse.ArgumentParser(prog="dev.py bench")
    parser.add_argument("what", choices=["floor"])
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    floor.run(options.repeats)


if __name__ == "__main__":
    main()
