"""Post that was given up: look at the outside of it, and send it again."""

from uuid import UUID

import click
from flask.cli import AppGroup
from sqlalchemy import text

from app.operator.connections import WORKER, connection

_DEAD = text("select id, tenant, kind, handler, attempts, problem, created_at from door.dead_deliveries()")
_AGAIN = text("select door.send_again(:id)")


deliveries = AppGroup("deliveries", help="Post that was tried to the last try.")


@deliveries.command()
def dead() -> None:
    """What was given up, oldest first. Never what it says."""
    with connection(WORKER) as door:
        rows = door.execute(_DEAD).all()
    for row in rows:
        click.echo(
            f"{row.id}  {row.created_at:%Y-%m-%d %H:%M}  {row.tenant}  {row.kind}  {row.handler}  "
            f"{row.attempts} tries  {row.problem or ''}".rstrip()
        )
    click.echo("1 delivery is dead." if len(rows) == 1 else f"{len(rows)} deliveries are dead.")


@deliveries.command("send-again")
@click.argument("delivery_id", type=click.UUID, required=False)
@click.option("--all", "everything", is_flag=True, help="Everything that is dead.")
def send_again(delivery_id: UUID | None, everything: bool) -> None:
    """Try DELIVERY_ID again from the beginning, or with --all everything that is dead."""
    if (delivery_id is None) != everything:
        raise click.UsageError("Name one delivery, or say --all.")
    with connection(WORKER) as door:
        ids = [row.id for row in door.execute(_DEAD)] if everything else [delivery_id]
        sent = sum(bool(door.scalar(_AGAIN, {"id": one})) for one in ids)
    if delivery_id is not None and not sent:
        raise click.ClickException("There is no dead delivery with this id.")
    click.echo("1 delivery waits again." if sent == 1 else f"{sent} deliveries wait again.")
