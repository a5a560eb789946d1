"""Make the roles and the database; bring the schema to its newest version."""

import click
from flask.cli import AppGroup

from app.operator.connections import MIGRATOR, needed
from infrastructure.database import cluster, schema

database = AppGroup("database", help="Roles, database and schema.")


@database.command()
def prepare() -> None:
    """Create or repair the roles and the database. Safe to run again."""
    prepare_cluster()
    click.echo("Roles and database are ready.")


@database.command()
def upgrade() -> None:
    """Run the migrations that have not been run yet."""
    upgrade_schema()
    click.echo("The schema is up to date.")


def prepare_cluster() -> None:
    variables = {role: f"{role.upper()}_PASSWORD" for role in cluster.LOGINS}
    admin, migrator, *passwords = needed("ADMIN_DATABASE_URL", MIGRATOR, *variables.values())
    name = migrator.partition("?")[0].rpartition("/")[2]
    try:
        cluster.prepare(admin, name, dict(zip(variables, passwords, strict=True)))
    except cluster.ClusterTooOld as refusal:
        raise click.ClickException(str(refusal)) from None


def upgrade_schema() -> None:
    (migrator,) = needed(MIGRATOR)
    schema.upgrade(migrator)
