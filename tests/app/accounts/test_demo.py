"""In the demo the page shows the code and the mails; nowhere else."""

import os

import pytest

from app.factory import create_hosts
from app.web.hosts import Hosts
from infrastructure.settings import Settings
from tests.builders.accounts import Visitor, code_now, give_password, with_password
from tests.services import environment_for
from tests.world import World

REAL = {
    "DEMO": "0",
    "SCANNER_URL": "clamd://127.0.0.1:3310",
    "SMTP_URL": "smtps://mail.example:465",
    "MAIL_FROM": "SEND Support <no-reply@send.example>",
    "QUARANTINE_BUCKET": "send-quarantine",
    "CLEAN_BUCKET": "send-clean",
    "S3_ENDPOINT_URL": "https://s3.example",
}


@pytest.fixture
def real_hosts(world: World) -> Hosts:
    assert world.database.hosts
    given = os.environ | environment_for(world.database.name, "send_web") | REAL
    return create_hosts(Settings.from_environment({k: v for k, v in given.items() if k != "MAIL_FOLDER"}))


def outside(world: World, hosts: Hosts, host: str) -> Visitor:
    visitor = Visitor(world, host)
    visitor.client.application = hosts
    return visitor


def test_the_demo_shows_the_code_and_the_way_to_the_mails(world: World) -> None:
    password, secret = with_password(world, world.sendco)
    visitor = Visitor(world, world.larkrise.host)
    page = give_password(visitor, world.sendco, password).text
    assert code_now(world, world.sendco, secret) in page
    assert 'href="/dev/mail"' in page
    assert visitor.get("/dev/mail").status_code == 200


def test_the_code_of_the_demo_works_again_right_after_it_was_used(world: World) -> None:
    password, secret = with_password(world, world.sendco)
    for _ in range(2):
        visitor = Visitor(world, world.larkrise.host)
        give_password(visitor, world.sendco, password)
        assert (
            visitor.post("/sign-in/code", {"code": code_now(world, world.sendco, secret)}).status_code == 303
        )


def test_outside_the_demo_there_is_neither(world: World, real_hosts: Hosts) -> None:
    password, secret = with_password(world, world.sendco)
    visitor = outside(world, real_hosts, world.larkrise.host)
    page = give_password(visitor, world.sendco, password).text
    assert "Enter the code from your app" in page
    assert "demo" not in page.lower()
    assert code_now(world, world.sendco, secret) not in page
    assert visitor.get("/dev/mail").status_code == 404
    newcomer, _ = with_password(world, world.teacher, second=False)
    visitor = outside(world, real_hosts, world.larkrise.host)
    page = visitor.follow(give_password(visitor, world.teacher, newcomer)).text
    assert "Set up your phone" in page
    assert "demo" not in page.lower()


def test_the_pages_of_the_demo_refuse_to_start_elsewhere(real_hosts: Hosts) -> None:
    from app.demo.routes import demo

    for app in real_hosts.apps.values():
        assert "demo" not in app.blueprints
        app._got_first_request = False
        with pytest.raises(RuntimeError, match="never start outside the demo"):
            app.register_blueprint(demo)
