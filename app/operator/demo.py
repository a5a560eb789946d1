"""The demo's own commands: everything made in one process, and the sign-ins to try. Nothing of this runs elsewhere."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

import click
from flask.cli import AppGroup

from app.operator.connections import MIGRATOR, connection, environment
from app.operator.database import prepare_cluster, upgrade_schema
from tenants import provisioning

SEED = "app.demo.seed"


demo = AppGroup("demo", help="Only where DEMO=1.")


@demo.command()
def prepare() -> None:
    """Roles, database, schema and a partnership of invented schools."""
    _refuse_elsewhere()
    prepare_cluster()
    upgrade_schema()
    # Asked here first: importing the story of the demo takes longer than all the rest of a second start.
    if _is_empty() and (seed := _seed()):
        seed.seed()
    click.echo("The demo is ready.")


@demo.command("sign-ins")
def sign_ins() -> None:
    """Who can sign in where."""
    _refuse_elsewhere()
    if seed := _seed():
        click.echo(seed.sign_ins())


def _refuse_elsewhere() -> None:
    if environment().get("DEMO") != "1":
        raise click.ClickException("This runs in the demo only: it makes people whose passwords are known.")


def _is_empty() -> bool:
    with connection(MIGRATOR) as door:
        return not provisioning.list_all(door)


def _seed() -> Any:
    return import_module(SEED) if find_spec(SEED) else None
