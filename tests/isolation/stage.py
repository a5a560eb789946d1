"""Two furnished partnerships and the administrator's connection, for the matrix and for the mutation of policies."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, create_engine, text

from tests.isolation.actors import Actor, actors
from tests.isolation.furnished import furnish
from tests.isolation.furnishing import furnisher
from tests.isolation.matrix import cells
from tests.isolation.rows import Row, rows_of, tables
from tests.services import TestDatabase, admin_engine_url
from tests.world import World

GOLDEN = Path(__file__).parent / "matrix.txt"


@dataclass(frozen=True)
class Stage:
    """What is there, who looks, and where the administrator stands."""

    connection: Connection
    rows: dict[str, list[Row]]
    actors: list[Actor]
    elsewhere: UUID

    @contextmanager
    def quiet(self, table: str) -> Iterator[None]:
        """One transaction about one table, undone at the end.

        Rules of the rooms speak before policies do; here only the policies are heard.
        """
        self.connection.execute(text(f"alter table {table} disable trigger user"))
        try:
            yield
        finally:
            self.connection.rollback()

    def lines(self, table: str, role: str | None = None) -> list[str]:
        """What the actors of one role, or all of them, achieve. Call it where the table is quiet."""
        who = [actor for actor in self.actors if role in (None, actor.role)]
        return cells(self.connection, table, self.rows[table], who, self.elsewhere)

    def all_lines(self) -> Iterator[str]:
        for table in sorted(self.rows):
            with self.quiet(table):
                yield from self.lines(table)


@contextmanager
def set_stage(database: TestDatabase) -> Iterator[Stage]:
    """The two worlds are committed; everything done on the stage is rolled back."""
    with furnisher(database) as steady:
        worlds = furnish(World(steady)), furnish(World(steady))
    engine = create_engine(admin_engine_url(database.name))
    with engine.connect() as connection:
        rows = {table: rows_of(connection, table, worlds) for table in tables(connection)}
        connection.rollback()
        yield Stage(connection, rows, actors(worlds[0]), worlds[1].world.larkrise.id)
        connection.rollback()
    engine.dispose()
