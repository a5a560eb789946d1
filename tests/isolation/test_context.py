"""Nothing bound means nothing to see; one unit of work is for one tenant."""

import psycopg
import pytest
from sqlalchemy import select, text

from app.kernel.access import Audience
from app.pupils.models import Pupil
from infrastructure.database import binding as bindings
from infrastructure.database.binding import NotBound, Rebound
from infrastructure.database.door import db, unit_of_work
from tenants import context
from tests.world import World
from workers.home import worker_app
from workers.runner import _attempt


@pytest.mark.parametrize("login", ["send_web", "send_worker", "send_relay", "send_migrator"])
def test_a_login_that_is_nobody_yet_is_denied_and_not_shown_an_empty_page(world: World, login: str) -> None:
    assert world.amara
    with world.database.as_login(login) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("select count(*) from public.pupil")


def test_an_audience_without_a_tenant_sees_no_rows(world: World) -> None:
    with world.database.as_login("send_web") as connection:
        connection.execute("set local role send_school")
        assert connection.execute("select count(*) from pupil").fetchone() == (0,)


def test_the_context_ends_with_its_transaction(world: World) -> None:
    with world.acting(world.sendco) as session:
        connection = session.connection()
        assert connection.scalar(text("select count(*) from pupil")) == 3
    with world.database.hosts.apps[Audience.SCHOOL].app_context(), db.engine.connect() as connection:
        assert connection.scalar(text("select current_setting('app.tenant_id', true)")) in (None, "")
        assert connection.scalar(text("select current_user")) == "send_web"


def test_the_worker_cannot_become_a_school(world: World) -> None:
    with (
        world.database.as_login("send_worker") as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("set local role send_school")


def test_the_web_cannot_become_the_system_or_the_owner(world: World) -> None:
    for role in ("send_system", "send_owner", "send_relay", "send_migrator"):
        with (
            world.database.as_login("send_web") as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute(f"set local role {role}")


def test_an_object_seen_in_one_school_is_not_answered_in_another(world: World) -> None:
    """The identity map needs no SQL to answer, so PostgreSQL cannot refuse: the session does."""
    with world.acting(world.sendco) as session:
        key = (world.larkrise.id, world.amara.id)
        assert session.get(Pupil, key) is not None
        other = context.of_tenant(world.millbrook.id, audience="school", roles=("sendco",))
        with bindings.bound(other):
            with pytest.raises(Rebound):
                session.get(Pupil, key)
            with pytest.raises(Rebound):
                session.scalar(select(Pupil))


def test_a_job_without_a_delivery_is_refused(world: World) -> None:
    with worker_app().app_context(), pytest.raises(NotBound):
        _attempt(world.amara.id, 1)


def test_a_unit_of_work_for_nobody_is_refused(world: World) -> None:
    binding = context.of_session(b"no such session", "school", world.larkrise.slug)
    with (
        world.database.hosts.apps[Audience.SCHOOL].app_context(),
        pytest.raises(NotBound),
        unit_of_work(binding),
    ):
        raise AssertionError("nobody should get here")
