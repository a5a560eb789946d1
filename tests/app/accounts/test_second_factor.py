"""The second step: a code of the phone, a recovery code, or setting the phone up."""

import re

import pytest

from app.accounts import second_factor
from app.kernel import clock
from tests.builders.accounts import Visitor, code_now, give_password, sign_in, with_password
from tests.mailbox import text_of
from tests.world import Somebody, World


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
