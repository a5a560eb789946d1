"""Only our own host names lead anywhere: the host decides whose data is served, so nothing else may pass for one."""

import pytest
from werkzeug.test import create_environ, run_wsgi_app
from werkzeug.wrappers import Response

from tests.services import DOMAIN
from tests.world import World

SPOOFS = (
    "X-Forwarded-Host",
    "X-Original-Host",
    "X-Host",
    "Forwarded",
    "X-Forwarded-Server",
    "X-HTTP-Host-Override",
)
ODD = [
    "",
    " ",
    ".",
    "evil.example",
    "evil.example:443",
    "localhost",
    "127.0.0.1",
    "[::1]",
    "[::1",
    f"{DOMAIN}.evil.example",
    f"evil{DOMAIN}",
    f"x{DOMAIN}",
    f".{DOMAIN}",
    f"..{DOMAIN}",
    f"{DOMAIN}.",
    f"{DOMAIN}..",
    f"{DOMAIN}@evil.example",
    f"evil.example@{DOMAIN}",
    f"{DOMAIN}:80@evil.example",
    f"{DOMAIN}/evil.example",
    f"{DOMAIN}#evil.example",
    f"{DOMAIN}?evil.example",
    f"{DOMAIN}\\evil.example",
    f"{DOMAIN}:8443",
    f"{DOMAIN}:abc",
    f"{DOMAIN}, evil.example",
    f"www.{DOMAIN}",
    f"admin.{DOMAIN}",
    f"nobody-here.{DOMAIN}",
    f"a.family.{DOMAIN}",
    f"family.agency.{DOMAIN}",
    f"-family.{DOMAIN}",
    f"fam%69ly.{DOMAIN}",
    f"%00.{DOMAIN}",
    f"family.{DOMAIN}\x00",
    f"famıly.{DOMAIN}",
    f"ｆamily.{DOMAIN}",
    f"xn--famly-q4a.{DOMAIN}",
    f"xn--.{DOMAIN}",
    f"xn--a.{DOMAIN}",
    f"{'a' * 64}.{DOMAIN}",
    f"{'a.' * 200}{DOMAIN}",
    "<invalid>",
    "xn--",
    "\u2488.example",
]
# The same for the address of a school, which an attacker knows.
AROUND_A_SCHOOL = [
    "{host}.",
    "{host}:443.evil.example",
    "{host}:8080",
    "{host}.evil.example",
    "a.{host}",
    "www.{host}",
    "{slug}-.{domain}",
    "{slug}..{domain}",
    "{slug}_.{domain}",
    "{slug}%2e.{domain}",
    "evil@{host}",
    "{host}@evil.example",
    "{slug}\t.{domain}",
]


def ask(world: World, host: str, path: str = "/sign-in", **headers: str) -> Response:
    """A request as a hand-made client sends it: the host header says exactly this."""
    spoofed = {"HTTP_" + name.upper().replace("-", "_"): value for name, value in headers.items()}
    environ = {"HTTP_HOST": host, "PATH_INFO": path, "wsgi.url_scheme": "https"}
    answer = run_wsgi_app(world.database.hosts, create_environ() | environ | spoofed, buffered=True)
    return Response(*answer)


def assert_nobody_is_there(response: Response) -> None:
    assert response.status_code in (400, 404), response.status_code
    assert "Set-Cookie" not in response.headers
    assert "Location" not in response.headers
    assert "Larkrise" not in response.get_data(as_text=True)
    assert "evil" not in response.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/", "/sign-in", "/healthz", "/about/help"])
def test_an_odd_host_leads_nowhere(world: World, path: str) -> None:
    for host in ODD:
        assert_nobody_is_there(ask(world, host, path))


def test_nothing_that_looks_like_a_school_is_one(world: World) -> None:
    own = world.larkrise
    for form in AROUND_A_SCHOOL:
        assert_nobody_is_there(ask(world, form.format(host=own.host, slug=own.slug, domain=DOMAIN)))


def test_capital_letters_are_the_same_host(world: World) -> None:
    assert ask(world, world.larkrise.host.upper()).status_code == 200


def test_an_agency_has_no_address_of_its_own(world: World) -> None:
    assert_nobody_is_there(ask(world, world.ashmere.host))


def test_no_other_header_says_which_host_it_is(world: World) -> None:
    for name in SPOOFS:
        named = world.millbrook.host if name != "Forwarded" else f"host={world.millbrook.host}"
        response = ask(world, world.larkrise.host, **{name: named})
        assert "Larkrise" in response.get_data(as_text=True), name
        assert "Millbrook" not in response.get_data(as_text=True), name
        assert world.millbrook.slug not in response.headers.get("Location", ""), name


def test_a_redirect_stays_on_this_host(world: World) -> None:
    """Relative, so that no header can send people elsewhere."""
    for host in (world.larkrise.host, world.thornbeck.host, f"family.{DOMAIN}", f"agency.{DOMAIN}"):
        for name in SPOOFS:
            response = ask(
                world,
                host,
                "/referral" if host.startswith("agency") else "/sessions",
                **{name: "evil.example"},
            )
            assert response.status_code == 303
            assert response.headers["Location"].startswith("/"), (host, name)
            assert not response.headers["Location"].startswith("//"), (host, name)


def test_a_suspended_school_is_no_host(world: World) -> None:
    world.execute("update tenant set status = 'suspended' where id = %s", world.millbrook.id)
    assert_nobody_is_there(ask(world, world.millbrook.host))


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "//evil.example/sign-in",
        "/\\evil.example",
        "/%2f%2fevil.example",
        "//evil.example/%2e%2e",
        "/..//evil.example",
    ],
)
def test_a_path_does_not_lead_to_another_host(world: World, path: str) -> None:
    response = ask(world, world.larkrise.host, path)
    assert "evil.example" not in response.headers.get("Location", "")
    assert response.status_code in (308, 404)
