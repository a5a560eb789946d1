"""Secrets made again, and what earlier keys are still good for."""

import pytest

from app.kernel import seals
from app.kernel.errors import Conflict
from infrastructure.database.ids import new_id

OLD, NEW = "the key of last year, long enough", "the key of this year, long enough"


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a test installs, the others find the key of the application."""
    monkeypatch.setattr(seals, "_keys", list(seals._keys))


def test_a_seed_that_an_earlier_key_locked_opens_while_that_key_is_kept() -> None:
    seals.install(OLD)
    locked = seals.lock("seed")
    seals.install(NEW, [OLD])
    assert seals.unlock(locked) == "seed"
    seals.install(NEW)
    with pytest.raises(Conflict, match="old key"):
        seals.unlock(locked)


def test_whatever_is_made_is_made_with_the_key_of_today() -> None:
    subject = new_id()
    seals.install(NEW)
    made = (seals.token("link", subject), seals.code("family", subject), seals.fingerprint("x"))
    locked = seals.lock("seed")
    seals.install(NEW, [OLD])
    assert (seals.token("link", subject), seals.code("family", subject), seals.fingerprint("x")) == made
    again = seals.lock("seed")
    seals.install(OLD)
    assert seals.token("link", subject) != made[0]
    for sealed in (locked, again):
        with pytest.raises(Conflict):
            seals.unlock(sealed)


def test_what_was_stored_under_an_earlier_key_is_found_with_today_first() -> None:
    seals.install(OLD)
    stored = seals.fingerprint("123456")
    seals.install(NEW, [OLD])
    assert seals.fingerprints("123456") == [seals.fingerprint("123456"), stored]
    seals.install(NEW)
    assert stored not in seals.fingerprints("123456")
