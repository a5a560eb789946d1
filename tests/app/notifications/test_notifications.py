"""People are told in their inbox, open a message with a button, and never see anybody else's."""

from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError

from app.kernel.calendar import DAY
from app.kernel.clock import today
from app.notifications import queries, service
from app.notifications.kinds import KINDS
from tests.builders.post import errand_at
from tests.world import Somebody, World

AGREED = """plan_shared plan_agreed review_done review_due consent_asked consent_answered consent_withdrawn lss_submitted
lss_decided lss_question meeting_called referral_sent referral_answered report_arrived document_refused
safeguarding_note access_confirmed access_changed invitation not_sent consent_expiring plan_changes_asked""".split()  # noqa: SIM905 - a list of words reads as words


def tell(world: World, who: Somebody, kind: str = "plan_agreed", path: str = "/") -> UUID:
    assert who.at
    with errand_at(who.at):
        service.tell([who.id], kind, path, audience=who.at.kind)
    return UUID(str(world.scalar("select id from notification where person_id = %s", who.id)))


def tell_family(world: World, who: Somebody, child: str, kind: str = "consent_asked") -> UUID:
    link, pupil = who.links[child], getattr(world, child)
    with errand_at(world.larkrise if pupil.tenant_id == world.larkrise.id else world.millbrook):
        service.tell([who.id], kind, f"/children/{link}/plan", audience="family", pupil_id=pupil.id)
    return UUID(
        str(
            world.scalar(
                "select id from notification where person_id = %s and pupil_id = %s", who.id, pupil.id
            )
        )
    )


@pytest.mark.parametrize("kind", AGREED)
def test_every_kind_says_what_to_do_and_by_when(kind: str) -> None:
    words = KINDS[kind]
    assert words.subject
    assert words.what.endswith(".")
    assert words.what_to_do.startswith("Sign")
    assert words.deadline(None).endswith(".")


def test_a_message_with_a_day_names_that_day(world: World) -> None:
    with errand_at(world.larkrise):
        due = today() + 5 * DAY
        service.tell([world.sendco.id], "review_due", "/plans", audience="school", due_on=due)
    page = world.browser(world.sendco).get("/messages").text
    assert f"Please do this by {due.day} {due:%B %Y}." in page


def test_somebody_without_messages_reads_what_will_come(world: World) -> None:
    assert "You have no messages" in world.browser(world.teacher).get("/messages").text


def test_a_message_is_in_one_inbox_and_in_no_other(world: World) -> None:
    tell(world, world.sendco)
    assert KINDS["plan_agreed"].subject in world.browser(world.sendco).get("/messages").text
    for who in (world.head, world.admin, world.other_sendco, world.conflicted_member):
        assert KINDS["plan_agreed"].subject not in world.browser(who).get("/messages").text


def test_looking_at_the_list_reads_nothing(world: World) -> None:
    tell(world, world.sendco)
    assert "New" in world.browser(world.sendco).get("/messages").text
    assert world.scalar("select read_at from notification where person_id = %s", world.sendco.id) is None


def test_opening_marks_as_read_and_leads_to_the_page(world: World) -> None:
    message = tell(world, world.sendco, path="/about/help")
    browser = world.browser(world.sendco)
    assert browser.post(f"/messages/{message}/reading").location == "/about/help"
    first = world.scalar("select read_at from notification where id = %s", message)
    assert first is not None
    browser.post(f"/messages/{message}/reading")
    assert world.scalar("select read_at from notification where id = %s", message) == first
    assert "New" not in browser.get("/messages").text


def test_a_message_of_somebody_else_is_not_found(world: World) -> None:
    message = tell(world, world.sendco)
    for who in (world.head, world.other_sendco):
        assert world.browser(who).post(f"/messages/{message}/reading").status_code == 404
    assert world.browser(world.sendco).post(f"/messages/{message}/reading").status_code == 303


def test_the_locality_has_its_own_inbox(world: World) -> None:
    tell(world, world.clerk, "lss_submitted")
    assert KINDS["lss_submitted"].subject in world.browser(world.clerk).get("/messages").text
    assert KINDS["lss_submitted"].subject not in world.browser(world.chair).get("/messages").text


def test_unread_messages_are_counted(world: World) -> None:
    message = tell(world, world.sendco)
    with world.acting(world.sendco):
        assert queries.count_unread(world.sendco.id, "school") == 1
    world.browser(world.sendco).post(f"/messages/{message}/reading")
    with world.acting(world.sendco):
        assert queries.count_unread(world.sendco.id, "school") == 0


def test_a_parent_reads_the_messages_of_each_child_apart(world: World) -> None:
    tell_family(world, world.mother, "amara", "consent_asked")
    tell_family(world, world.mother, "noor", "report_arrived")
    browser = world.browser(world.mother)
    about_amara = browser.get(f"/children/{world.mother.links['amara']}/messages").text
    assert KINDS["consent_asked"].subject in about_amara
    assert KINDS["report_arrived"].subject not in about_amara
    assert (
        KINDS["report_arrived"].subject
        in browser.get(f"/children/{world.mother.links['noor']}/messages").text
    )


def test_a_parent_opens_a_message_below_the_child(world: World) -> None:
    message, link = tell_family(world, world.mother, "amara"), world.mother.links["amara"]
    response = world.browser(world.mother).post(f"/children/{link}/messages/{message}/reading")
    assert response.location == f"/children/{link}/plan"


def test_the_other_parent_cannot_open_it(world: World) -> None:
    message, link = tell_family(world, world.mother, "amara"), world.father.links["amara"]
    browser = world.browser(world.father)
    assert browser.post(f"/children/{link}/messages/{message}/reading").status_code == 404
    assert browser.get(f"/children/{world.mother.links['amara']}/messages").status_code == 404
    assert browser.get(f"/children/{link}/messages").status_code == 200


def test_a_parent_who_is_barred_from_one_child_reads_nothing_of_that_child(world: World) -> None:
    message = tell_family(world, world.other_mother, "idris")
    links = world.other_mother.links
    browser = world.browser(world.other_mother)
    assert KINDS["consent_asked"].subject in browser.get(f"/children/{links['idris']}/messages").text
    world.execute("update guardianship set status = 'barred' where id = %s", links["idris"])
    assert browser.get(f"/children/{links['idris']}/messages").status_code == 404
    sibling = f"/children/{links['ilyas']}/messages"
    assert KINDS["consent_asked"].subject not in browser.get(sibling).text
    assert browser.post(f"{sibling}/{message}/reading").status_code == 404


def test_a_message_to_a_family_is_always_about_a_child(world: World) -> None:
    with errand_at(world.larkrise), pytest.raises(ValueError, match="one child"):
        service.tell([world.mother.id], "plan_shared", "/", audience="family")


def test_an_unknown_kind_is_refused(world: World) -> None:
    with errand_at(world.larkrise), pytest.raises(ValueError, match="No message"):
        service.tell([world.sendco.id], "gossip", "/", audience="school")


@pytest.mark.parametrize("path", ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example"])
def test_a_message_never_leads_to_another_host(world: World, path: str) -> None:
    with pytest.raises(IntegrityError):
        tell(world, world.sendco, path=path)


def test_telling_twice_in_one_breath_is_telling_once(world: World) -> None:
    with errand_at(world.larkrise):
        service.tell([world.sendco.id, world.sendco.id, world.head.id], "plan_agreed", "/", audience="school")
    assert world.scalar("select count(*) from notification where tenant_id = %s", world.larkrise.id) == 2


def test_what_could_not_be_sent_is_shown_to_those_who_can_do_something(world: World) -> None:
    tell(world, world.teacher)
    world.run_errands()
    world.execute("update delivery set state = 'dead' where tenant_id = %s", world.larkrise.id)
    for who in (world.sendco, world.admin):
        assert "An email about a new message" in world.browser(who).get("/messages").text
    assert "Not sent" not in world.browser(world.teacher).get("/messages").text
    assert "Everything has been sent" in world.browser(world.other_sendco).get("/messages").text


def test_long_lists_have_pages(world: World) -> None:
    with errand_at(world.larkrise):
        for _ in range(51):
            service.tell([world.sendco.id], "plan_agreed", "/", audience="school")
    browser = world.browser(world.sendco)
    assert "(page 1 of 2)" in browser.get("/messages").text
    assert browser.get("/messages?page=2").text.count("Open<span") == 1
    assert "(page 1 of 2)" in browser.get("/messages?page=9").text
    world.lay_down()


def test_nobody_who_is_signed_in_is_asked_to_sign_in() -> None:
    assert KINDS["plan_agreed"].to_do_here == "Read it."
    assert KINDS["review_due"].to_do_here == "Plan the review."
    asked = [kind for kind, words in KINDS.items() if words.to_do_here.startswith("Sign in")]
    assert asked == ["access_confirmed"]  # it says with which address, for the next time
