"""The command line as the operator calls it, on the test database."""

import os

from click.testing import Result

from app.command_line import create_operator_app
from infrastructure.database import cluster
from tests.services import PASSWORD, TestDatabase, database_url, environment_for


def environment_of(name: str) -> dict[str, str]:
    """What a careful operator sets: a login for each kind of command."""
    logins = {"MIGRATOR": "send_migrator", "WORKER": "send_worker", "AUDITOR": "send_auditor"}
    urls = {f"{kind}_DATABASE_URL": database_url(login, name) for kind, login in logins.items()}
    passwords = {f"{role.upper()}_PASSWORD": PASSWORD for role in cluster.LOGINS}
    more = {"ADMIN_DATABASE_URL": os.environ["ADMIN_DATABASE_URL"], "REDIS_URL": os.environ["REDIS_URL"]}
    return environment_for(name) | urls | passwords | more


def run(database: TestDatabase, *words: str, without: tuple[str, ...] = (), **others: str) -> Result:
    known = environment_of(database.name) | others
    app = create_operator_app({name: value for name, value in known.items() if name not in without})
    return app.test_cli_runner().invoke(args=list(words))
