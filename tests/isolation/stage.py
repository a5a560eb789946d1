"""Two furnished partnerships and the administrator's connection, for the matrix and for the mutation of policies."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, create_engine, text

from tests.isolation.matrix import Actor, Row, actors, cells, furnished, tables
from tests.isolation.scene import Scene
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
    """The scenes are committed; everything done on the stage is rolled back."""
    ours, theirs = World(database), World(database)
    scenes = Scene(ours), Scene(theirs)
    engine = create_engine(admin_engine_url(database.name))
    with engine.connect() as connection:
        rows = {table: furnished(connection, table, scenes) for table in tables(connection)}
        connection.rollback()
        yield Stage(connection, rows, actors(ours, scenes[0]), theirs.larkrise.id)
        connection.rollback()
    engine.dispose()
