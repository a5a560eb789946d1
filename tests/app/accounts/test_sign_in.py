"""Staff sign in: a password, a second factor, and nothing told to strangers."""

import re
import statistics
import time

import pytest

from app.accounts import second_factor
from app.kernel import clock
from tests.builders.accounts import Visitor, code_now, give_password, network, sign_in, with_password
from tests.mailbox import text_of
from tests.world import Somebody, World


def knock(visitor: Visitor, email: str, password: str) -> tuple[int, str]:
    """The answer to one try, without what differs on every page."""
    visitor.get("/sign-in")
    response = visitor.post("/sign-in", {"email": email, "password": password})
    return response.status_code, re.sub(r'value="[^"]*"', "", response.text)


def test_a_password_and_a_code_lead_to_where_they_wanted_to_go(world: World) -> None:
    password, secret = with_password(world, world.sendco)
    visitor = Visitor(world, world.larkrise.host)
    asked = visitor.get(f"/pupils/{world.amara.id}")
    assert asked.status_code == 303
    visitor.follow(asked)
    page = visitor.follow(visitor.post("/sign-in", {"email": world.sendco.email, "password": password}))
    assert "Enter the code from your app" in page.text
    response = visitor.post("/sign-in/code", {"code": code_now(world, world.sendco, secret)})
    assert response.location == f"/pupils/{world.amara.id}"
    assert "Amara" in visitor.follow(response).text


def test_a_locality_signs_in_by_the_same_door(world: World) -> None:
    visitor = sign_in(world, world.clerk, *with_password(world, world.clerk))
    assert visitor.get("/staff").status_code == 200


def test_a_wrong_password_keeps_the_address_and_not_the_password(world: World) -> None:
    with_password(world, world.sendco)
    visitor = Visitor(world, world.larkrise.host)
    visitor.get("/sign-in")
    response = visitor.post("/sign-in", {"email": world.sendco.email, "password": "never this one"})
    assert response.status_code == 422
    assert "One of them is not right" in response.text
    assert world.sendco.email in response.text
    assert "never this one" not in response.text


@pytest.mark.parametrize("email", ["", "nobody"])
def test_empty_answers_are_explained(world: World, email: str) -> None:
    status, page = knock(Visitor(world, world.larkrise.host), email, "")
    assert status == 422
    assert "Enter your password" in page


def test_a_stranger_a_leaver_and_a_wrong_password_look_alike(world: World) -> None:
    for who in (world.sendco, world.teacher, world.other_sendco):
        with_password(world, who)
    world.execute("update membership set status = 'ended' where person_id = %s", world.teacher.id)
    strangers = [
        world.sendco.email,
        world.teacher.email,
        world.other_sendco.email,
        world.head.email,
        "nobody@x.example",
    ]
    answers = {knock(Visitor(world, world.larkrise.host), email, "wrong wrong") for email in strangers}
    assert len(answers) == 1


def test_strangers_wait_as_long_as_those_we_know(world: World) -> None:
    with_password(world, world.sendco)
    known: list[float] = []
    unknown: list[float] = []
    visitor = Visitor(world, world.larkrise.host)
    visitor.get("/sign-in")
    for number in range(9):
        for times, email in ((known, world.sendco.email), (unknown, f"nobody{number}@x.example")):
            started = time.perf_counter()
            assert visitor.post("/sign-in", {"email": email, "password": "wrong"}).status_code == 422
            times.append(time.perf_counter() - started)
    # The hash is most of the work: if strangers were spared it, they would be answered in a third of the time.
    assert 0.6 < statistics.median(unknown) / statistics.median(known) < 1.6


def test_the_right_password_of_somebody_who_works_elsewhere_is_no_key(world: World) -> None:
    password, _ = with_password(world, world.other_sendco)
    assert knock(Visitor(world, world.larkrise.host), world.other_sendco.email, password)[0] == 422
    assert knock(Visitor(world, world.millbrook.host), world.other_sendco.email, password)[0] == 303


def test_a_code_is_good_once(world: World) -> None:
    password, secret = with_password(world, world.sendco)
    code = code_now(world, world.sendco, secret)
    for expected in (303, 422):
        visitor = Visitor(world, world.larkrise.host)
        give_password(visitor, world.sendco, password)
        response = visitor.post("/sign-in/code", {"code": code})
        assert response.status_code == expected
    assert "That code has been used" in response.text
    assert visitor.session is None


def test_a_code_older_than_the_last_one_used_is_refused(world: World) -> None:
    password, secret = with_password(world, world.sendco)
    step = int(clock.now().timestamp()) // 30
    world.execute("update credential set totp_last_step = %s where person_id = %s", step, world.sendco.id)
    visitor = Visitor(world, world.larkrise.host)
    give_password(visitor, world.sendco, password)
    for old in (step - 1, step):
        code = second_factor.code_at(secret, old)
        assert visitor.post("/sign-in/code", {"code": code}).status_code == 422


def test_a_clock_that_is_half_a_minute_wrong_is_forgiven_and_more_is_not(world: World) -> None:
    secret = second_factor.new_secret()
    step = int(clock.now().timestamp()) // 30
    with clock.frozen(clock.now()):
        found = [
            second_factor.matching_step(secret, second_factor.code_at(secret, step + off))
            for off in range(-2, 3)
        ]
    assert found == [None, step - 1, step, step + 1, None]


def test_a_code_may_be_typed_with_spaces(world: World) -> None:
    password, secret = with_password(world, world.sendco)
    visitor = Visitor(world, world.larkrise.host)
    give_password(visitor, world.sendco, password)
    code = code_now(world, world.sendco, secret)
    assert visitor.post("/sign-in/code", {"code": f" {code[:3]} - {code[3:]} "}).status_code == 303


def test_without_the_password_there_is_no_second_step(world: World) -> None:
    _, secret = with_password(world, world.sendco)
    visitor = Visitor(world, world.larkrise.host)
    assert visitor.get("/sign-in/code").location == "/sign-in?again=1"
    visitor.get("/sign-in")
    response = visitor.post("/sign-in/code", {"code": code_now(world, world.sendco, secret)})
    assert response.location == "/sign-in?again=1"
    assert visitor.session is None


def test_half_a_sign_in_is_worth_nothing_at_another_address(world: World) -> None:
    """Helen Marsh works at Millbrook and sits on the panel."""
    password, secret = with_password(world, world.chair)
    school, panel = Visitor(world, world.millbrook.host), Visitor(world, world.thornbeck.host)
    give_password(school, world.other_head, password)
    notice = school.client.get_cookie("__Host-notice", domain=school.host)
    assert notice is not None
    panel.client.set_cookie("__Host-notice", notice.value, domain=panel.host, secure=True)
    panel.get("/sign-in")
    response = panel.post("/sign-in/code", {"code": code_now(world, world.chair, secret)})
    assert response.location == "/sign-in?again=1"
    assert panel.session is None


@pytest.mark.parametrize(
    "change",
    [
        "update half_session set expires_at = now() where person_id = %s",
        "update membership set status = 'ended' where person_id = %s",
        "update credential set changed_at = now() where person_id = %s",
    ],
)
def test_half_a_sign_in_dies_by_itself_and_with_the_membership_and_with_the_password(
    world: World, change: str
) -> None:
    password, _ = with_password(world, world.teacher)
    visitor = Visitor(world, world.larkrise.host)
    give_password(visitor, world.teacher, password)
    assert visitor.get("/sign-in/code").status_code == 200
    world.execute(change, world.teacher.id)
    assert visitor.get("/sign-in/code").location == "/sign-in?again=1"


def test_each_sign_in_makes_a_new_session_and_ends_the_one_before(world: World) -> None:
    password, secret = with_password(world, world.sendco)
    visitor = Visitor(world, world.larkrise.host)
    planted = "a-token-that-somebody-else-knows-too"
    visitor.client.set_cookie("__Host-session", planted, domain=visitor.host, secure=True)
    tokens = [planted]
    for _ in range(2):
        world.execute("update credential set totp_last_step = 0 where person_id = %s", world.sendco.id)
        for page in ("/sign-in", "/about/help"):
            visitor.get(page)
        visitor.follow(visitor.post("/sign-in", {"email": world.sendco.email, "password": password}))
        assert (
            visitor.post("/sign-in/code", {"code": code_now(world, world.sendco, secret)}).status_code == 303
        )
        assert visitor.session
        tokens.append(visitor.session)
        visitor.get("/staff")
    assert len(set(tokens)) == 3
    assert (
        world.scalar(
            "select count(*) from session where person_id = %s and ended_at is null", world.sendco.id
        )
        == 1
    )


def test_the_cookie_of_another_host_is_no_cookie(world: World) -> None:
    visitor = sign_in(world, world.sendco, *with_password(world, world.sendco))
    assert visitor.get("/sessions").status_code == 200
    for host in (world.millbrook.host, world.thornbeck.host):
        other = Visitor(world, host)
        other.client.set_cookie("__Host-session", str(visitor.session), domain=host, secure=True)
        assert other.get("/sessions").status_code == 303


def test_signing_out_ends_the_session_itself(world: World) -> None:
    visitor = sign_in(world, world.sendco, *with_password(world, world.sendco))
    token = str(visitor.session)
    visitor.get("/sessions")
    assert visitor.post("/sign-out").status_code == 303
    assert visitor.session is None
    visitor.client.set_cookie("__Host-session", token, domain=visitor.host, secure=True)
    assert visitor.get("/sessions").status_code == 303


def test_a_session_lasts_twelve_hours_at_most(world: World) -> None:
    sign_in(world, world.sendco, *with_password(world, world.sendco))
    query = "select expires_at - created_at from session where person_id = %s"
    assert world.scalar(query, world.sendco.id).total_seconds() == 12 * 3600


@pytest.mark.parametrize(
    "sealed", ["//evil.example", "https://evil.example", "\\\\evil.example", "/\t/evil", "x"]
)
def test_nobody_is_led_away_after_signing_in(world: World, sealed: str) -> None:
    password, secret = with_password(world, world.sendco)
    visitor = Visitor(world, world.larkrise.host)
    visitor.get("/sign-in", query_string={"next": sealed})
    visitor.follow(visitor.post("/sign-in", {"email": world.sendco.email, "password": password}))
    response = visitor.post("/sign-in/code", {"code": code_now(world, world.sendco, secret)})
    assert response.location == "/"


# Attempts.


def test_guessing_at_one_account_is_stopped_after_ten_tries(world: World) -> None:
    password, _ = with_password(world, world.sendco)
    statuses = [
        knock(Visitor(world, world.larkrise.host), world.sendco.email, f"guess {number}")[0]
        for number in range(13)
    ]
    assert statuses == [422] * 10 + [429] * 3
    status, page = knock(Visitor(world, world.larkrise.host), world.sendco.email, password)
    assert status == 429
    assert "Wait an hour, then try again" in page
    hour_ago = "update attempt set started_at = now() - interval '61 minutes' where tries > 9"
    world.execute(hour_ago)
    assert knock(Visitor(world, world.larkrise.host), world.sendco.email, password)[0] == 303


def test_strangers_are_counted_like_those_we_know(world: World) -> None:
    statuses = [
        knock(Visitor(world, world.larkrise.host), "nobody@counted.example" + world.mark, "guess")[0]
        for _ in range(11)
    ]
    assert statuses == [422] * 10 + [429]


def test_a_network_that_guesses_is_shut_out_and_shuts_out_nobody_else(world: World) -> None:
    password, _ = with_password(world, world.sendco)
    address = network()
    world.execute("update attempt set tries = 0")
    visitor = Visitor(world, world.larkrise.host, address)
    visitor.get("/sign-in")
    statuses = [
        visitor.post("/sign-in", {"email": f"n{number}@x.example", "password": "g"}).status_code
        for number in range(101)
    ]
    assert statuses == [422] * 100 + [429]
    neighbour = address.rsplit(".", 1)[0] + ".99"
    assert knock(Visitor(world, world.larkrise.host, neighbour), world.sendco.email, password)[0] == 429
    assert knock(Visitor(world, world.larkrise.host), world.sendco.email, password)[0] == 303


def test_those_who_know_their_password_are_not_counted(world: World) -> None:
    password, _ = with_password(world, world.sendco)
    address = network()
    for _ in range(12):
        assert knock(Visitor(world, world.larkrise.host, address), world.sendco.email, password)[0] == 303


def test_guessing_codes_is_stopped_after_ten_tries_even_for_the_right_one(world: World) -> None:
    password, secret = with_password(world, world.sendco)
    visitor = Visitor(world, world.larkrise.host)
    give_password(visitor, world.sendco, password)
    wrong = "000000" if code_now(world, world.sendco, secret) != "000000" else "000001"
    statuses = [visitor.post("/sign-in/code", {"code": wrong}).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]
    assert visitor.post("/sign-in/code", {"code": code_now(world, world.sendco, secret)}).status_code == 429


# Recovery codes and setting up.


def set_up(world: World, who: Somebody, password: str) -> tuple[Visitor, list[str], str]:
    assert who.at is not None
    visitor = Visitor(world, who.at.host)
    visitor.get("/sign-in")
    response = visitor.follow(visitor.post("/sign-in", {"email": who.email, "password": password}))
    page = visitor.follow(response)
    key = re.search(r"type this key into the app: <strong>([A-Z2-7 ]+)</strong>", page.text)
    assert key
    assert 'src="data:image/svg+xml' in page.text
    secret = key[1].replace(" ", "")
    shown = visitor.post("/sign-in/second-factor", {"code": code_now(world, who, secret)})
    assert shown.status_code == 200, shown.text
    return visitor, re.findall(r"<code>([a-z0-9]{5}-[a-z0-9]{5})</code>", shown.text), secret


def test_without_a_second_factor_the_next_sign_in_sets_one_up(world: World) -> None:
    password, _ = with_password(world, world.teacher, second=False)
    visitor, codes, secret = set_up(world, world.teacher, password)
    assert len(set(codes)) == 10
    assert visitor.get("/sessions").status_code == 200
    stored = world.scalar("select totp_secret from credential where person_id = %s", world.teacher.id)
    assert secret.encode() not in bytes(stored)
    again = sign_in(world, world.teacher, password, secret)
    assert again.get("/sessions").status_code == 200


def test_a_wrong_first_code_sets_nothing_up(world: World) -> None:
    password, _ = with_password(world, world.teacher, second=False)
    visitor = Visitor(world, world.larkrise.host)
    visitor.follow(give_password(visitor, world.teacher, password))
    response = visitor.post("/sign-in/second-factor", {"code": "12"})
    assert response.status_code == 422
    assert "Enter the 6 numbers" in response.text
    assert (
        world.scalar("select totp_confirmed_at from credential where person_id = %s", world.teacher.id)
        is None
    )


def test_nobody_sets_up_a_second_factor_over_one_that_exists(world: World) -> None:
    password, _ = with_password(world, world.teacher)
    visitor = Visitor(world, world.larkrise.host)
    give_password(visitor, world.teacher, password)
    assert visitor.get("/sign-in/second-factor").location == "/sign-in?again=1"


def test_a_recovery_code_works_once_and_the_person_is_told(world: World) -> None:
    password, _ = with_password(world, world.teacher, second=False)
    _, codes, _ = set_up(world, world.teacher, password)
    typed = codes[0].upper().replace("-", " ")
    for expected in (303, 422):
        visitor = Visitor(world, world.larkrise.host)
        give_password(visitor, world.teacher, password)
        visitor.get("/sign-in/recovery-code")
        response = visitor.post("/sign-in/recovery-code", {"code": typed})
        assert response.status_code == expected
        if expected == 303:
            assert "You have 9 left" in visitor.get("/sessions").text
    assert "it has been used" in response.text
    world.run_errands()
    assert [mail["Subject"] for mail in world.mails()] == ["A recovery code was used"]
    assert world.larkrise.host in text_of(world.mails()[0])


def test_somebody_elses_recovery_code_is_refused(world: World) -> None:
    passwords = [with_password(world, who, second=False)[0] for who in (world.teacher, world.assistant)]
    _, codes, _ = set_up(world, world.teacher, passwords[0])
    set_up(world, world.assistant, passwords[1])
    visitor = Visitor(world, world.larkrise.host)
    give_password(visitor, world.assistant, passwords[1])
    assert visitor.post("/sign-in/recovery-code", {"code": codes[0]}).status_code == 422


# Sessions that die.


def test_an_ended_membership_ends_the_session_with_the_next_request(world: World) -> None:
    visitor = sign_in(world, world.teacher, *with_password(world, world.teacher))
    assert visitor.get("/sessions").status_code == 200
    world.execute("update membership set status = 'ended' where person_id = %s", world.teacher.id)
    assert visitor.get("/sessions").status_code == 303
    world.execute("update membership set status = 'active' where person_id = %s", world.teacher.id)
    assert visitor.get("/sessions").status_code == 303


def test_a_suspended_organisation_has_no_sign_in_and_no_sessions(world: World) -> None:
    password, secret = with_password(world, world.teacher)
    visitor = sign_in(world, world.teacher, password, secret)
    world.execute("update tenant set status = 'suspended' where id = %s", world.larkrise.id)
    assert visitor.get("/sessions").status_code == 404
    assert Visitor(world, world.larkrise.host).get("/sign-in").status_code == 404
