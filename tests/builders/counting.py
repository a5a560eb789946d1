"""How many statements a page takes: the floor of its speed, whatever the number of rows."""

from typing import Any

from sqlalchemy import event

from infrastructure.database.door import open_engine
from tests.services import database_url
from tests.world import Somebody, World


def statements(world: World, who: Somebody, path: str) -> list[str]:
    """What the page asks PostgreSQL, with the bind and without the read log (which has a bind of its own)."""
    browser = world.browser(who)
    browser.get("/about/help")
    engine = open_engine(database_url("send_web", world.database.name).replace("://", "+psycopg://", 1))
    asked: list[str] = []

    def remember(*said: Any) -> None:
        asked.append(said[2])

    event.listen(engine, "before_cursor_execute", remember)
    try:
        assert browser.get(path).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", remember)
    logged = next((place for place, words in enumerate(asked) if "log_read" in words), None)
    return asked if logged is None else asked[: logged - 1]
