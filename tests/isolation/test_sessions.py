"""A session is worth something at one host, for one person, until it ends: nowhere else and no longer."""

import pytest

from app.web.cookies import SESSION, hash_token
from tests.browser import Browser
from tests.builders.referrals import Sent, sent_referral
from tests.isolation.probing import UUIDS
from tests.services import DOMAIN
from tests.world import Somebody, World

# A page that anybody signed in may open, and where those go who are not.
PAGES = {"school": "/messages", "locality": "/messages", "family": "/sessions", "agency": "/referral"}
DOORS = {"school": "/sign-in", "locality": "/sign-in", "family": "/sign-in", "agency": "/"}
EVERYWHERE = ("larkrise", "millbrook", "thornbeck", "family", "agency")
HOME = {
    "sendco": "larkrise",
    "other_sendco": "millbrook",
    "clerk": "thornbeck",
    "chair": "thornbeck",
    "mother": "family",
    "professional": "agency",
}


@pytest.fixture
def sent(world: World) -> Sent:
    return sent_referral(world, world.amara)


def place(world: World, name: str) -> tuple[str, str]:
    """Host and kind."""
    if name in ("family", "agency"):
        return f"{name}.{DOMAIN}", name
    at = getattr(world, name)
    return at.host, at.kind


def session_of(world: World, name: str, sent: Sent) -> str:
    who: Somebody = getattr(world, name)
    return world.session_of(who, share_id=sent.share_id if name == "professional" else None)


def is_signed_in(world: World, where: str, token: str) -> bool:
    host, kind = place(world, where)
    response = Browser(world.database.hosts, host, token).get(PAGES[kind])
    if response.status_code == 200:
        return True
    assert response.status_code == 303, (where, response.status_code)
    assert response.headers["Location"].split("?")[0] == DOORS[kind]
    return False


@pytest.mark.parametrize("name", list(HOME))
def test_a_session_counts_at_its_own_host_only(world: World, sent: Sent, name: str) -> None:
    token = session_of(world, name, sent)
    assert [where for where in EVERYWHERE if is_signed_in(world, where, token)] == [HOME[name]]


def test_somebody_who_is_head_here_and_chair_there_has_two_sessions(world: World) -> None:
    """The same person: what they may at their school says nothing about the panel."""
    as_head, as_chair = world.session_of(world.other_head), world.session_of(world.chair)
    assert is_signed_in(world, "millbrook", as_head)
    assert not is_signed_in(world, "thornbeck", as_head)
    assert is_signed_in(world, "thornbeck", as_chair)
    assert not is_signed_in(world, "millbrook", as_chair)


def test_an_agency_session_shows_its_own_referral_only(world: World, sent: Sent) -> None:
    other = sent_referral(world, world.idris, by=world.other_mother)
    mine = world.browser(world.professional, share_id=sent.share_id).get("/referral").text
    theirs = world.browser(world.professional, share_id=other.share_id).get("/referral").text
    assert "Amara" in mine
    assert "Idris" not in mine
    assert "Idris" in theirs
    assert "Amara" not in theirs


def test_an_agency_session_of_a_share_with_somebody_else_shows_nothing(world: World, sent: Sent) -> None:
    """Of the locality's share, of a stranger's, of none: not found or not signed in, and no word of it."""
    theirs = World(world.database)
    strange = sent_referral(theirs, theirs.amara)
    for share_id in (strange.share_id, sent.link_id, sent.consent_id):
        response = world.browser(world.professional, share_id=share_id).get("/referral")
        assert response.status_code in (303, 404, 410), share_id
        assert "Amara" not in response.text


@pytest.mark.parametrize(
    "change",
    [
        "delete from session where token_hash = %s",
        "update session set ended_at = now() where token_hash = %s",
        "update session set expires_at = now() where token_hash = %s",
        "update session set seen_at = now() - interval '1 day' where token_hash = %s",
        "update membership set status = 'ended' where person_id = (select person_id from session where token_hash = %s)",
        "update tenant set status = 'suspended' where id = (select tenant_id from session where token_hash = %s)",
    ],
)
def test_a_session_that_is_over_counts_nowhere(world: World, change: str) -> None:
    token = world.session_of(world.sendco)
    assert is_signed_in(world, "larkrise", token)
    world.execute(change, hash_token(token))
    response = Browser(world.database.hosts, world.larkrise.host, token).get("/messages")
    assert response.status_code in (303, 404)
    assert "Priya" not in response.text


def test_what_is_not_a_token_is_nobody(world: World) -> None:
    token = world.session_of(world.sendco)
    odd = [
        "",
        "x",
        "0" * 43,
        token[:-1],
        token + "x",
        token.swapcase(),
        f"{token} ",
        "é" * 43,
        "a" * 5000,
        "%00" * 20,
    ]
    for value in odd:
        response = Browser(world.database.hosts, world.larkrise.host).client.get(
            "/messages", base_url=f"https://{world.larkrise.host}", headers={"Cookie": f"{SESSION}={value}"}
        )
        assert response.status_code == 303, value
        assert "Priya" not in response.text


def test_a_cookie_that_a_sibling_host_could_plant_is_not_looked_at(world: World) -> None:
    """Browsers take `__Host-` cookies from the host itself only; any other name proves nothing."""
    token = world.session_of(world.sendco)
    for name in (
        "session",
        "Session",
        "__Secure-session",
        "__host-session",
        "__Host_session",
        "remember_token",
        "__Host-notice",
    ):
        response = Browser(world.database.hosts, world.larkrise.host).client.get(
            "/messages", base_url=f"https://{world.larkrise.host}", headers={"Cookie": f"{name}={token}"}
        )
        assert response.status_code == 303, name


def test_a_session_in_the_address_is_not_looked_at(world: World) -> None:
    token = world.session_of(world.sendco)
    visitor = world.visitor(world.larkrise.host)
    for query in (f"?{SESSION}={token}", f"?session={token}", f";{SESSION}={token}"):
        assert visitor.get(f"/messages{query}").status_code in (303, 404)


def test_the_page_to_go_back_to_after_signing_in_names_nobody(world: World) -> None:
    """A visitor is led to the same door from a page that is there and from one that is not."""
    visitor = world.visitor(world.larkrise.host)
    for there in (world.amara.id, world.noor.id):
        response = visitor.get(f"/pupils/{there}")
        assert response.status_code == 303
        assert not UUIDS.search(response.text)
        assert "Amara" not in response.text
