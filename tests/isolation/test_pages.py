"""Every page that a person may open, opened: sound, sealed with headers, and with no word of anybody else's."""

import re
from collections.abc import Iterator
from http.cookies import SimpleCookie

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from werkzeug.test import TestResponse

from app.kernel.access import Audience, Role
from tests.browser import Browser
from tests.isolation.ground import (
    BY_AUDIENCE,
    EVERYBODY,
    OTHER_SCHOOL_WORDS,
    THEIR_WORDS,
    Ground,
)
from tests.isolation.probing import addresses
from tests.page_linting import lint_page
from tests.services import DOMAIN

SEALED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HANDLER = re.compile(r"\son[a-z]+\s*=", re.IGNORECASE)
FOREVER = ("web.static_file", "web.theme")


def faults(response: TestResponse) -> Iterator[str]:
    """What is wrong with an answer, whatever it is."""
    headers = response.headers
    if headers.get("Cache-Control") != "no-store":
        yield f"may be kept: {headers.get('Cache-Control')}"
    for name, value in SEALED.items():
        if headers.get(name) != value:
            yield f"{name}: {headers.get(name)}"
    yield from _policy_faults(headers.get("Content-Security-Policy", ""))
    for line in headers.getlist("Set-Cookie"):
        yield from _cookie_faults(line)
    if response.mimetype == "text/html" and response.status_code not in (303, 308):
        yield from _page_faults(response.get_data(as_text=True))


def _policy_faults(policy: str) -> Iterator[str]:
    rules = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    if rules.get("default-src") != "'none'" or rules.get("frame-ancestors") != "'none'":
        yield f"policy allows by default: {policy}"
    if rules.get("script-src") != "'self'" or rules.get("style-src") != "'self'" or "unsafe" in policy:
        yield f"policy allows foreign or inline code: {policy}"


def _cookie_faults(line: str) -> Iterator[str]:
    for name, morsel in SimpleCookie(line).items():
        sound = morsel["secure"] and morsel["httponly"] and morsel["path"] == "/" and not morsel["domain"]
        if not (name.startswith("__Host-") and sound and morsel["samesite"] == "Lax"):
            yield f"cookie {line}"


def _page_faults(html: str) -> Iterator[str]:
    yield from lint_page(html)
    page = BeautifulSoup(html, "html.parser")
    if page.select(
        "script:not([src]), style, [style], iframe, object, embed, base, meta[http-equiv=refresh]"
    ):
        yield "inline code or a frame"
    if HANDLER.search(re.sub(r">[^<]*<", "><", html)):
        yield "an event handler in the markup"
    for element in page.select("[src], link[href]"):
        address = str(element.get("src") or element.get("href"))
        if not address.startswith("/") or address.startswith("//"):
            yield f"loads {address}"


@pytest.mark.parametrize(("audience", "role"), EVERYBODY)
def test_every_page_is_sound_and_says_nothing_of_others(
    ground: Ground, audience: Audience, role: Role
) -> None:
    canaries = THEIR_WORDS + (OTHER_SCHOOL_WORDS if audience is Audience.SCHOOL else ())
    knocker, own = ground.knocker(role), ground.own[audience]
    found = []
    for address in ground.closed_addresses(audience, role):
        if address.method == "GET" and not address.unknown_parameters(own):
            response = knocker.open(address.path(address.ids_in(own)))
            page = response.get_data(as_text=True) + repr(response.headers)
            wrong = [*faults(response), *(f"says {word}" for word in canaries if word in page)]
            if response.status_code >= 500:
                wrong.append(f"answers {response.status_code}")
            found += [f"{address.rule.rule} as {role}: {fault}" for fault in wrong]
    assert not found, "\n".join(found)


def _doors(app: Flask) -> list[str]:
    return [
        address.path({})
        for address in addresses(app)
        if address.open and address.method == "GET" and address.rule.endpoint not in FOREVER
    ]


@pytest.mark.parametrize("audience", list(Audience))
def test_every_door_is_sound_too(ground: Ground, audience: Audience) -> None:
    """Pages for people who have not signed in, and what a wrong address or a closed one answers."""
    world = ground.world
    hosts = {"front": DOMAIN, "school": world.larkrise.host, "locality": world.thornbeck.host}
    visitor = world.visitor(hosts.get(audience, f"{audience}.{DOMAIN}"))
    paths = [
        *_doors(world.database.hosts.apps[audience]),
        "/nobody-was-ever-here",
        "/pupils/1",
        "/static/0/no.css",
    ]
    found = [f"{path}: {fault}" for path in paths for fault in faults(_plainly(visitor, path))]
    assert not found, "\n".join(found)


def _plainly(browser: Browser, path: str) -> TestResponse:
    return browser.client.get(path, base_url=f"https://{browser.host}")


@pytest.mark.parametrize("audience", list(BY_AUDIENCE))
def test_a_visitor_sees_nothing_behind_a_door(ground: Ground, audience: Audience) -> None:
    """Not signed in: every closed address, with rows that exist, leads to the door and says nothing on the way."""
    world = ground.world
    hosts = {"school": world.larkrise.host, "locality": world.thornbeck.host}
    visitor = world.visitor(hosts.get(audience, f"{audience}.{DOMAIN}"))
    own, found = ground.own[audience], []
    for address in addresses(world.database.hosts.apps[audience]):
        if address.method == "GET" and not address.open and not address.unknown_parameters(own):
            response = _plainly(visitor, address.path(address.ids_in(own)))
            said = [
                word
                for word in ("Amara", "Okonjo", "Noor", "Priya")
                if word in response.get_data(as_text=True)
            ]
            if response.status_code != 303 or said:
                found.append(f"{address.rule.rule}: {response.status_code} {said}")
    assert not found, "\n".join(found)
