"""A mail about a message: once, to whoever may still know, and without a word about the child."""

import pytest

from app.notifications import service
from app.notifications.events import NotificationWritten
from app.notifications.kinds import KINDS
from infrastructure.database.ids import new_id
from tests.app.notifications.test_notifications import tell, tell_family
from tests.builders.post import errand_at
from tests.mailbox import text_of
from tests.world import World
from workers.errand import Errand, GiveUp
from workers.jobs.notifications import mail_notification


def test_the_mail_says_what_kind_of_thing_and_where(world: World) -> None:
    tell(world, world.sendco, "review_due", "/plans")
    world.run_errands()
    (mail,) = world.mails()
    assert mail["To"] == world.sendco.email
    assert mail["Subject"] == KINDS["review_due"].subject
    assert f"https://{world.larkrise.host}/plans" in text_of(mail)
    assert KINDS["review_due"].what_to_do in text_of(mail)
    assert world.larkrise.name in text_of(mail)


def test_text_and_html_say_the_same(world: World) -> None:
    tell(world, world.sendco, "review_due", "/plans")
    world.run_errands()
    (mail,) = world.mails()
    html = mail.get_body(("html",)).get_content()
    for words in (
        KINDS["review_due"].what,
        KINDS["review_due"].what_to_do,
        f"https://{world.larkrise.host}/plans",
    ):
        assert words in text_of(mail)
        assert words in html
    assert "src=" not in html


def test_a_family_is_led_to_its_own_host_and_reads_no_name(world: World) -> None:
    tell_family(world, world.mother, "amara")
    world.run_errands()
    (mail,) = world.mails()
    assert f"https://family.{world.domain}/children/{world.mother.links['amara']}/plan" in text_of(mail)
    for name in ("Amara", "Okonjo", "Chika"):
        assert name not in str(mail)


def test_each_person_gets_a_mail_of_their_own(world: World) -> None:
    with errand_at(world.larkrise):
        service.tell([world.sendco.id, world.head.id], "plan_agreed", "/", audience="school")
    world.run_errands()
    assert {mail["To"] for mail in world.mails()} == {world.sendco.email, world.head.email}
    assert len({mail["Message-ID"] for mail in world.mails()}) == 2


def test_a_parent_barred_since_then_hears_nothing(world: World) -> None:
    for parent in (world.mother, world.father):
        tell_family(world, parent, "amara")
    world.execute("update guardianship set status = 'barred' where id = %s", world.father.links["amara"])
    world.run_errands()
    assert [mail["To"] for mail in world.mails()] == [world.mother.email]


def test_a_link_to_a_sibling_is_not_enough(world: World) -> None:
    tell_family(world, world.other_mother, "idris")
    world.execute(
        "update guardianship set status = 'restricted' where id = %s", world.other_mother.links["idris"]
    )
    world.run_errands()
    assert world.mails() == []


def test_somebody_who_has_left_hears_nothing(world: World) -> None:
    for who in (world.head, world.teacher):
        tell(world, who)
    world.execute("update membership set status = 'ended' where person_id = %s", world.teacher.id)
    world.run_errands()
    assert [mail["To"] for mail in world.mails()] == [world.head.email]


def test_a_role_elsewhere_does_not_count(world: World) -> None:
    """The SENDCO also sits on the panel: leaving the school ends the school's mails, not the panel's."""
    tell(world, world.sendco)
    world.execute(
        "update membership set status = 'ended' where person_id = %s and tenant_id = %s",
        world.sendco.id,
        world.larkrise.id,
    )
    world.run_errands()
    assert world.mails() == []


def test_a_suspended_school_sends_no_mail(world: World) -> None:
    tell(world, world.sendco)
    world.execute("update tenant set status = 'suspended' where id = %s", world.larkrise.id)
    world.run_errands()
    assert world.mails() == []


def test_an_address_that_cannot_be_written_to_is_given_up(world: World) -> None:
    message = tell(world, world.sendco)
    world.execute("update person set email = 'nobody ' || id where id = %s", world.sendco.id)
    errand = Errand(new_id(), world.larkrise.id, world.larkrise.id)
    with errand_at(world.larkrise), pytest.raises(GiveUp):
        mail_notification(NotificationWritten(notification_id=message), errand)


def test_a_second_attempt_after_the_first_was_written_down_mails_nothing(world: World) -> None:
    message = tell(world, world.sendco)
    world.run_errands()
    with errand_at(world.larkrise):
        mail_notification(
            NotificationWritten(notification_id=message),
            Errand(new_id(), world.larkrise.id, world.larkrise.id),
        )
    assert len(world.mails()) == 1


def test_the_message_id_is_that_of_the_delivery(world: World) -> None:
    tell(world, world.sendco)
    world.run_errands()
    delivery = world.scalar("select id from delivery where tenant_id = %s", world.larkrise.id)
    assert world.mails()[0]["Message-ID"] == f"<{delivery}@{world.domain}>"
