"""The operator's command line: `flask --app wsgi:operator …`. No pages, no session, no content."""

from collections.abc import Mapping

from flask import Flask

from app.audit import cli as audit
from app.operator.connections import AUDITOR, MIGRATOR, connection, with_driver
from app.operator.database import database
from app.operator.deliveries import deliveries
from app.operator.demo import demo
from app.operator.health import health
from app.operator.storage import storage
from app.operator.tenants import tenants
from infrastructure.database.door import db


def create_operator_app(environ: Mapping[str, str]) -> Flask:
    """Starts with whatever it is told; each command says what it misses."""
    app = Flask("app", static_folder=None, template_folder=None)
    app.config["ENVIRONMENT_VARIABLES"] = dict(environ)
    if environ.get(MIGRATOR):
        app.config["SQLALCHEMY_DATABASE_URI"] = with_driver(environ[MIGRATOR])
        db.init_app(app)
    sealed = audit.commands(lambda: connection(AUDITOR))
    for command in (database, storage, tenants, deliveries, health, demo, sealed):
        app.cli.add_command(command)
    return app
