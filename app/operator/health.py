"""Is everything there, and does the post move?"""

import click
from alembic.script import ScriptDirectory
from flask.cli import with_appcontext
from redis.exceptions import RedisError
from sqlalchemy import text

from app.operator.connections import MIGRATOR, connection, environment
from infrastructure import queue
from infrastructure.database import schema

_HEALTH = text("select version, waiting, oldest_seconds, dead, unsealed from door.health()")
STUCK_SECONDS = 300


@click.command()
@with_appcontext
def health() -> None:
    """Exits with 1 when something needs the operator."""
    problems = [*_database(), *_valkey()]
    for problem in problems:
        click.echo(f"Problem: {problem}")
    if problems:
        raise SystemExit(1)
    click.echo("All is well.")


def _database() -> list[str]:
    with connection(MIGRATOR) as door:
        row = door.execute(_HEALTH).one()
    newest = ScriptDirectory(str(schema.DIARY)).get_current_head()
    click.echo(f"Schema: version {row.version}, newest is {newest}")
    click.echo(f"Post: {row.waiting} waiting, {row.dead} dead")
    click.echo(f"Audit: {row.unsealed} entries not sealed yet")
    found = [] if row.version == newest else ["the schema is not the newest. Run: flask database upgrade"]
    if row.oldest_seconds > STUCK_SECONDS:
        found.append(f"post has waited for {row.oldest_seconds // 60} minutes. Is the relay running?")
    if row.dead:
        found.append("some post was given up. Look at: flask deliveries dead")
    return found


def _valkey() -> list[str]:
    url = environment().get("REDIS_URL")
    if not url:
        return []
    try:
        queue.open_redis(url).ping()
    except (RedisError, OSError):
        return ["Valkey does not answer. Post waits in PostgreSQL until it does."]
    click.echo("Valkey: answers")
    return []
