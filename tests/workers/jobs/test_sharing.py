"""Who is told of an ask, an answer, a withdrawal and a consent that runs out: once, and without a name."""

from datetime import timedelta
from uuid import UUID

import pytest
from psycopg.types.json import Jsonb

from app.kernel.clock import today
from app.sharing import queries, service
from app.sharing.events import ShareStopped
from infrastructure.database.ids import new_id
from tests.builders.post import errand_at
from tests.builders.sharing import asked, consented, shared_with
from tests.mailbox import text_of
from tests.world import Somebody, World
from workers.errand import Errand, GiveUp
from workers.jobs.sharing import mail_agency_of_end


def told(world: World, kind: str) -> set[tuple[UUID, str]]:
    rows = world.rows("select person_id, path from notification where kind = %s and tenant_id = any (%s)", kind,
                      [world.larkrise.id, world.thornbeck.id])  # fmt: skip
    return {(row.person_id, row.path) for row in rows}


def event(
    world: World, kind: str, ask_id: UUID, consent_id: UUID | None = None, *, by: Somebody | None = None
) -> None:
    """The envelope alone, as the service would have written it."""
    payload = {"ask_id": str(ask_id)} | ({"consent_id": str(consent_id)} if consent_id else {})
    world.insert(
        "outbox_entry", tenant_id=world.larkrise.id, for_tenant_id=world.larkrise.id, kind=kind,
        payload=Jsonb(payload), person_id=by.id if by else None,
    )  # fmt: skip


def test_both_adults_with_responsibility_are_told_alike_and_nobody_else(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    event(world, "ConsentAsked", ask_id, by=world.sendco)
    world.run_errands()
    paths = {
        (who.id, f"/children/{who.links['amara']}/consents/{ask_id}") for who in (world.mother, world.father)
    }
    assert told(world, "consent_asked") == paths
    mails = {str(mail["To"]): text_of(mail) for mail in world.mails()}
    assert set(mails) == {world.mother.email, world.father.email}
    assert not any(name in text for text in mails.values() for name in ("Amara", "Ashmere", "Chika", "David"))


def test_each_ones_message_leads_to_their_own_page(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    event(world, "ConsentAsked", ask_id, by=world.sendco)
    world.run_errands()
    for who in (world.mother, world.father):
        path = next(path for person, path in told(world, "consent_asked") if person == who.id)
        assert "This is all that will be sent" in world.browser(who).get(path).text


def test_a_parent_who_is_barred_is_not_told(world: World) -> None:
    ask_id = asked(world, world.idris, world.ashmere)
    event(world, "ConsentAsked", ask_id, by=world.sendco)
    world.run_errands()
    assert {person for person, _ in told(world, "consent_asked")} == {world.other_mother.id}
    assert world.barred.email not in {str(mail["To"]) for mail in world.mails()}


def test_an_ask_that_was_replaced_meanwhile_tells_nobody(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    world.execute("update consent_ask set closed_at = now() where id = %s", ask_id)
    event(world, "ConsentAsked", ask_id, by=world.sendco)
    world.run_errands()
    assert told(world, "consent_asked") == set()


def test_the_sendco_is_told_of_an_answer(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    with world.acting(world.mother, child="amara"):
        answer = service.Answer(given=False)
        service.answer(world.guardian_actor(world.mother, "amara"), queries.load_ask(ask_id), answer)
    world.run_errands()
    assert told(world, "consent_answered") == {(world.sendco.id, f"/consents/{ask_id}")}


def test_whoever_wrote_an_answer_down_is_not_told_of_it(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    consent_id = consented(world, world.amara, ask_id, method="paper")
    event(world, "ConsentAnswered", ask_id, consent_id, by=world.sendco)
    world.run_errands()
    assert told(world, "consent_answered") == set()


def test_a_parent_hears_of_every_answer_written_down_in_their_name(world: World) -> None:
    ask_id, day = asked(world, world.amara, world.ashmere), today()
    consented(world, world.amara, ask_id, world.father, given=False)
    link = world.father.links["amara"]
    contact_id = world.scalar("select contact_id from guardianship where id = %s", link)
    heard = {
        "contact_id": str(contact_id), "given": "yes", "method": "phone", "given_on-day": str(day.day),
        "given_on-month": str(day.month), "given_on-year": str(day.year),
    }  # fmt: skip
    sendco = world.browser(world.sendco)
    assert sendco.post(f"/consents/{ask_id}/answers", heard).status_code == 303
    world.run_errands()
    assert told(world, "answer_written_down") == {(world.father.id, f"/children/{link}/consents/{ask_id}")}
    (mail,) = world.mails()
    assert mail["To"] == world.father.email
    assert "change it if it is wrong" in text_of(mail)
    assert not any(name in text_of(mail) for name in ("Amara", "Ashmere", "David", "Priya"))
    yes = world.scalar("select id from consent where ask_id = %s and given", ask_id)
    taken = sendco.post(f"/consents/{ask_id}/answers/{yes}/withdrawal", {"method": "phone"})
    assert taken.status_code == 303
    world.run_errands()
    assert [str(mail["To"]) for mail in world.mails()] == [world.father.email] * 2


def test_what_a_parent_said_in_the_portal_is_not_told_to_them_again(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    consent_id = consented(world, world.amara, ask_id)
    event(world, "ConsentAnswered", ask_id, consent_id)
    world.run_errands()
    assert told(world, "consent_answered") == {(world.sendco.id, f"/consents/{ask_id}")}
    assert told(world, "answer_written_down") == set()


@pytest.mark.parametrize("status", ["restricted", "barred"])
def test_a_parent_whose_access_was_stopped_is_not_told_what_was_written_down(
    world: World, status: str
) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    consent_id = consented(world, world.amara, ask_id, method="phone")
    world.execute("update guardianship set status = %s where id = %s", status, world.mother.links["amara"])
    event(world, "ConsentAnswered", ask_id, consent_id, by=world.sendco)
    world.run_errands()
    assert told(world, "answer_written_down") == set()


def withdraw(world: World, share_id: UUID) -> UUID:
    consent_id = UUID(str(world.scalar("select consent_id from share where id = %s", share_id)))
    with world.acting(world.mother, child="amara"):
        service.withdraw(world.guardian_actor(world.mother, "amara"), queries.load_consent(consent_id))
    return UUID(str(world.scalar("select ask_id from consent where id = %s", consent_id)))


def test_a_withdrawal_is_told_to_the_school_and_to_the_panel_that_could_read_it(world: World) -> None:
    ask_id = withdraw(world, shared_with(world, world.amara, world.thornbeck, "lss"))
    world.run_errands()
    panel = {(who.id, "/meetings") for who in (world.clerk, world.chair, world.vice_chair)}
    assert told(world, "consent_withdrawn") == panel | {(world.sendco.id, f"/consents/{ask_id}")}


def test_an_agency_is_told_by_mail_and_learns_no_name(world: World) -> None:
    withdraw(world, shared_with(world, world.amara, world.ashmere))
    world.run_errands()
    mail = next(mail for mail in world.mails() if mail["To"] == world.professional.email)
    assert mail["Subject"] == "A referral has been taken back"
    assert "Larkrise Primary has stopped sharing" in text_of(mail)
    assert "Amara" not in str(mail)
    assert "Chika" not in str(mail)


def test_the_letter_to_an_agency_says_the_same_in_text_and_in_html_and_is_one_letter(world: World) -> None:
    withdraw(world, shared_with(world, world.amara, world.ashmere))
    world.run_errands()
    again = "update delivery set state = 'waiting', attempts = 0, leased_until = null where handler = %s"
    world.execute(again, "mail_agency_of_end")
    world.run_errands()
    letters = [mail for mail in world.mails() if mail["To"] == world.professional.email]
    assert len({str(letter["Message-ID"]) for letter in letters}) == 1
    for words in ("Please do not start anything new", "If you have a question, contact the school."):
        assert words in text_of(letters[0])
        assert words in letters[0].get_body(("html",)).get_content()


def test_a_mailbox_of_an_agency_that_cannot_be_written_to_is_given_up(world: World) -> None:
    share_id = shared_with(world, world.amara, world.ashmere)
    world.execute("update tenant set referral_email = 'no mailbox' where id = %s", world.ashmere.id)
    errand = Errand(new_id(), world.ashmere.id, world.larkrise.id)
    with errand_at(world.ashmere), pytest.raises(GiveUp):
        mail_agency_of_end(ShareStopped(share_id=share_id), errand)


def test_an_agency_that_never_had_anything_hears_nothing(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    consent_id = consented(world, world.amara, ask_id)
    with world.acting(world.mother, child="amara"):
        service.withdraw(world.guardian_actor(world.mother, "amara"), queries.load_consent(consent_id))
    world.run_errands()
    assert world.professional.email not in {str(mail["To"]) for mail in world.mails()}


def test_the_sendco_is_reminded_28_and_7_days_before_a_yes_runs_out(world: World) -> None:
    asks = {}
    for days in (29, 28, 27, 8, 7, 6):
        asks[days] = asked(world, world.amara, world.ashmere)
        consented(world, world.amara, asks[days], expires_on=today() + timedelta(days=days))
    world.insert("outbox_entry", tenant_id=world.larkrise.id, for_tenant_id=world.larkrise.id,
                 kind="ConsentsExpiring", payload=Jsonb({}))  # fmt: skip
    world.run_errands()
    assert told(world, "consent_expiring") == {
        (world.sendco.id, f"/consents/{asks[days]}") for days in (28, 7)
    }
