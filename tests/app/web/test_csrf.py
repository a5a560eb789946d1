"""A form counts only when it comes from our own page: in doubt it is refused, and nothing has changed."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from infrastructure.database.ids import new_id
from tests.browser import Browser
from tests.world import Somebody, World

NAME = {"name": "Sunflowers", "year_group": "3"}


@pytest.fixture
def admin(world: World) -> Browser:
    browser = world.browser(world.admin)
    browser.get("/classes/new")
    assert browser.token is not None
    return browser


def send(browser: Browser, token: str | None, headers: dict[str, str]) -> TestResponse:
    """A new class, as whatever page it may be would send it. The cookie always comes along."""
    data: dict[str, Any] = NAME | {"idempotency_key": str(new_id())}
    if token is not None:
        data["csrf_token"] = token
    return browser.client.post("/classes", base_url=f"https://{browser.host}", data=data, headers=headers)


def classes(world: World) -> int:
    return int(
        world.scalar(
            "select count(*) from school_class where name = 'Sunflowers' and tenant_id = %s",
            world.larkrise.id,
        )
    )


def test_our_own_page_may(world: World, admin: Browser) -> None:
    assert send(admin, admin.token, {"Sec-Fetch-Site": "same-origin"}).status_code == 303
    assert classes(world) == 1


def test_without_the_browsers_word_our_own_origin_may(world: World, admin: Browser) -> None:
    assert send(admin, admin.token, {"Origin": f"https://{admin.host}"}).status_code == 303
    assert classes(world) == 1


def elsewhere(world: World) -> list[dict[str, str]]:
    own, sibling = world.larkrise.host, world.millbrook.host
    return [
        {},
        {"Referer": f"https://{own}/classes/new"},
        *(
            {"Sec-Fetch-Site": said}
            for said in ("same-site", "cross-site", "none", "", "SAME-ORIGIN", "same-origin, x")
        ),
        {"Sec-Fetch-Site": "same-site", "Origin": f"https://{own}"},
        {"Sec-Fetch-Site": "cross-site", "Origin": f"https://{own}"},
        *(
            {"Origin": said}
            for said in (f"https://{sibling}", f"http://{own}", f"https://{own}:444", "null", "", own)
        ),
        {"Origin": f"https://{own}.evil.example"},
        {"Origin": f"https://{own}@evil.example"},
    ]


def test_no_other_place_may_even_with_the_right_token(world: World, admin: Browser) -> None:
    for headers in elsewhere(world):
        response = send(admin, admin.token, headers)
        assert response.status_code == 403, headers
        assert "came from another place" in response.text
    assert classes(world) == 0


def tokens_of_others(world: World) -> list[Browser]:
    """The same person elsewhere, a colleague, somebody of the other school, somebody who has not signed in."""
    people: list[Somebody] = [world.admin, world.sendco, world.other_admin]
    browsers = [*(world.browser(who) for who in people), world.visitor(world.larkrise.host)]
    for browser in browsers:
        browser.get("/sign-in")
        browser.get("/about/help")
    return browsers


def test_only_the_token_of_this_session_counts(world: World, admin: Browser) -> None:
    assert admin.token is not None
    own = admin.token
    others = [browser.token for browser in tokens_of_others(world)]
    assert all(token and token != own for token in others), others
    for token in (None, "", "0", own[:-1], own + "0", own.upper(), " " + own, "é" * 64, *others):
        if token == own:  # a token of digits only has no upper case
            continue
        assert send(admin, token, {"Sec-Fetch-Site": "same-origin"}).status_code == 403, token
    assert classes(world) == 0


def test_the_token_of_another_session_of_the_same_person_does_not_count(world: World, admin: Browser) -> None:
    second = world.browser(world.admin)
    second.get("/classes/new")
    assert second.token != admin.token
    assert send(second, admin.token, {"Sec-Fetch-Site": "same-origin"}).status_code == 403
    assert classes(world) == 0


def test_signing_in_from_elsewhere_is_refused_too(world: World) -> None:
    """Otherwise somebody could be signed in as the attacker without noticing."""
    visitor = world.visitor(world.larkrise.host)
    visitor.get("/sign-in")
    before = world.scalar("select count(*) from session")
    data = {"csrf_token": visitor.token, "email": world.admin.email, "password": "three blue words"}
    for said in ("same-site", "cross-site"):
        response = visitor.client.post(
            "/sign-in", base_url=f"https://{visitor.host}", data=data, headers={"Sec-Fetch-Site": said}
        )
        assert response.status_code == 403
        assert "__Host-session" not in repr(response.headers.getlist("Set-Cookie"))
    assert world.scalar("select count(*) from session") == before


def test_the_token_is_read_from_the_form_and_from_nowhere_else(world: World, admin: Browser) -> None:
    data = NAME | {"idempotency_key": str(new_id())}
    response = admin.client.post(
        f"/classes?csrf_token={admin.token}",
        base_url=f"https://{admin.host}",
        data=data,
        headers={"Sec-Fetch-Site": "same-origin", "X-CSRFToken": str(admin.token)},
    )
    assert response.status_code == 403
    assert classes(world) == 0


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_other_methods_do_nothing(world: World, admin: Browser, method: str) -> None:
    response = admin.client.open("/classes", method=method, base_url=f"https://{admin.host}", data=NAME)
    assert response.status_code in (403, 405)
    assert classes(world) == 0


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_a_header_does_not_make_a_post_of_a_get(world: World, admin: Browser, header: str) -> None:
    admin.client.get(
        "/classes", base_url=f"https://{admin.host}", query_string=NAME, headers={header: "POST"}
    )
    assert classes(world) == 0
