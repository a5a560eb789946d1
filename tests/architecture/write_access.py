"""Write `access.txt` from what the views declare now. The reviewer reads the difference."""

from tests.architecture.routes import GOLDEN, access_lines


def main() -> None:
    lines = access_lines()
    GOLDEN.write_text("\n".join(lines) + "\n")
    print(f"{len(lines)} lines")  # noqa: T201 - this is a command


if __name__ == "__main__":
    main()
