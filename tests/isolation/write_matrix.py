"""Write `matrix.txt` from what PostgreSQL does now. The reviewer reads the difference."""

from tests.isolation.stage import GOLDEN, set_stage
from tests.standalone import standalone_database


def main() -> None:
    with standalone_database() as database, set_stage(database) as stage:
        lines = list(stage.all_lines())
    GOLDEN.write_text("\n".join(lines) + "\n")
    print(f"{len(lines)} lines")  # noqa: T201 - this is a command


if __name__ == "__main__":
    main()
