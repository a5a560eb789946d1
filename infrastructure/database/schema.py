"""Bring a database to the newest version of its diary."""

from pathlib import Path

from alembic import command
from alembic.config import Config

DIARY = Path(__file__).resolve().parents[2] / "migrations"


def upgrade(migrator_url: str, revision: str = "head") -> None:
    """Run what has not been run yet, as the owner, each version in its own transaction."""
    config = Config()
    config.set_main_option("script_location", str(DIARY))
    config.attributes["url"] = migrator_url
    command.upgrade(config, revision)
