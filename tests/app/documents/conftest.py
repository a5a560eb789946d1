"""The buckets of this run, made before anything is put into them."""

import pytest

from tests.builders.documents import storage
from tests.services import TestDatabase


@pytest.fixture(autouse=True)
def buckets(database: TestDatabase) -> None:
    storage()
