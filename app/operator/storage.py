"""The two buckets, made as they must be."""

import click
from flask.cli import AppGroup

from app.operator.connections import environment
from infrastructure.adapters import open_adapters
from infrastructure.settings import Settings, SettingsError
from infrastructure.storage import StorageUnavailable

storage = AppGroup("storage", help="The buckets for documents.")


@storage.command()
def prepare() -> None:
    """Create or repair the quarantine and the clean bucket. Safe to run again."""
    try:
        settings = Settings.from_environment(environment(), needs=("storage",))
        open_adapters(settings).storage.prepare()
    except SettingsError as problem:
        raise click.ClickException(str(problem)) from None
    except StorageUnavailable as problem:
        raise click.ClickException(f"The storage did not do what it was asked ({problem}).") from None
    click.echo(f"{settings.quarantine_bucket} and {settings.clean_bucket} are ready.")
