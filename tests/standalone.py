"""The services of a test run, for commands that are not pytest: mutation, kill, bench, screenshots."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infrastructure.database import cluster, schema
from infrastructure.embedded.services import EmbeddedServices
from tests.services import PASSWORD, TestDatabase, database_url, environment_for

NAME = "send_standalone"


@contextmanager
def standalone_database() -> Iterator[TestDatabase]:
    """Fresh embedded services and one migrated database, gone at the end."""
    services = EmbeddedServices(Path(tempfile.mkdtemp(prefix="send-alone-")), durable=False)
    services.start()
    try:
        os.environ |= services.environment() | {"AWS_EC2_METADATA_DISABLED": "true"}
        cluster.prepare(os.environ["ADMIN_DATABASE_URL"], NAME, dict.fromkeys(cluster.LOGINS, PASSWORD))
        schema.upgrade(database_url("send_migrator", NAME))
        os.environ |= environment_for(NAME)
        yield TestDatabase(NAME)
    finally:
        services.stop()
        services.erase()
