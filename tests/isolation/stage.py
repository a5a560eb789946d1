"""Two furnished partnerships and the administrator's connection, for the matrix and for the mutation of policies."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, create_engine

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

    def lines(self, table: str, role: str | None = None) -> list[str]:
        who = [actor for actor in self.actors if role in (None, actor.role)]
        return cells(self.connection, table, self.rows[table], who, self.elsewhere)


@contextmanager
def set_stage(database: TestDatabase) -> Iterator[Stage]:
    """The scenes are committed; everything done on the stage is rolled back."""
    ours, theirs = World(database), World(database)
    scenes = Scene(ours), Scene(theirs)
    engine = create_engine(admin_engine_url(database.name))
    with engine.connect() as connection:
        rows = {table: furnished(connection, table, scenes) for table in tables(connection)}
        yield Stage(connection, rows, actors(ours, scenes[0]), theirs.larkrise.id)
        connection.rollback()
    engine.dispose()
