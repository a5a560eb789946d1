"""Adults of a pupil: who is on file, who is let in, and how access is stopped and given back."""

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.builders.counting import statements
from tests.builders.pupils import contact
from tests.mailbox import text_of
from tests.world import Somebody, World

GRAN = {
    "name": "Ada Vale",
    "relationship": "Grandmother",
    "email": "ada@home.example",
    "parental_responsibility": "no",
    "priority": "3",
}
REASON = "Court order of 3 March 2026, seen by the headteacher."


def adults(world: World) -> str:
    return f"/pupils/{world.amara.id}/guardians"


def link(world: World, who: Somebody) -> UUID:
    return who.links["amara"]


def status(world: World, who: Somebody) -> str:
    return str(world.scalar("select status from guardianship where id = %s", link(world, who)))


def propose(world: World, who: Somebody, about: Somebody, to_status: str) -> int:
    path = f"/pupils/{world.amara.id}/guardians/{link(world, about)}/access-changes"
    return world.browser(who).post(path, {"to_status": to_status, "reason": REASON}).status_code


def confirm(world: World, who: Somebody) -> int:
    change = world.scalar(
        "select id from access_change where tenant_id = %s order by proposed_at desc limit 1",
        world.larkrise.id,
    )
    return (
        world.browser(who).post(f"/pupils/{world.amara.id}/access-changes/{change}/confirmation").status_code
    )


def sees_amara(world: World, who: Somebody) -> bool:
    """What PostgreSQL shows them in a session that is bound to the child, as every page of the portal is."""
    with world.acting(who, child="amara") as session:
        return bool(session.scalar(text("select count(*) from pupil")))


def own_links(world: World, who: Somebody) -> int:
    with world.acting(who, child="amara") as session:
        return int(session.scalar(text("select count(*) from guardianship")) or 0)


# Contacts


@pytest.mark.parametrize(
    ("who", "code"),
    [("sendco", 200), ("head", 200), ("dsl", 200), ("admin", 200), ("teacher", 403), ("assistant", 403)],
)
def test_class_staff_do_not_see_who_cares_for_a_child(world: World, who: str, code: int) -> None:
    assert world.browser(getattr(world, who)).get(adults(world)).status_code == code


def test_a_contact_is_added_and_sees_nothing_yet(world: World) -> None:
    browser = world.browser(world.admin)
    path = f"/pupils/{world.amara.id}/contacts"
    assert browser.get(f"{path}/new").status_code == 200
    page = browser.follow(browser.post(path, GRAN))
    assert "Ada Vale" in page.text
    assert world.scalar("select count(*) from guardianship where pupil_id = %s", world.amara.id) == 3
    again = browser.post(path, GRAN)
    assert again.status_code == 422
    assert "is on file already" in again.text


def test_bad_answers_about_a_contact_are_explained_and_kept(world: World) -> None:
    path = f"/pupils/{world.amara.id}/contacts"
    response = world.browser(world.sendco).post(
        path, {**GRAN, "email": "ada at home", "parental_responsibility": ""}
    )
    assert response.status_code == 422
    assert "correct format" in response.text
    assert "Choose yes if they have parental responsibility" in response.text
    assert "ada at home" in response.text


@pytest.mark.parametrize("who", ["head", "dsl", "teacher"])
def test_others_do_not_keep_contacts(world: World, who: str) -> None:
    assert (
        world.browser(getattr(world, who)).post(f"/pupils/{world.amara.id}/contacts", GRAN).status_code == 403
    )


def test_a_contact_of_another_school_is_not_found(world: World) -> None:
    foreign = world.scalar("select contact_id from guardianship where id = %s", world.mother.links["noor"])
    browser = world.browser(world.sendco)
    for pupil in (world.amara.id, world.noor.id):
        assert browser.get(f"/pupils/{pupil}/contacts/{foreign}/edit").status_code == 404
        assert browser.post(f"/pupils/{pupil}/contacts/{foreign}/invitation").status_code == 404


def carers_contact(world: World, **changes: str) -> tuple[str, dict[str, str]]:
    row = world.rows(
        "select c.* from contact c join guardianship g on g.contact_id = c.id where g.id = %s",
        link(world, world.carer),
    )[0]
    answers = {
        "name": row.name,
        "email": row.email,
        "parental_responsibility": "no",
        "priority": "1",
        "version": str(row.version),
    }
    return f"/pupils/{world.amara.id}/contacts/{row.id}", answers | changes


def test_a_school_admin_cannot_make_a_guardian_responsible(world: World) -> None:
    path, answers = carers_contact(world, parental_responsibility="yes")
    assert world.browser(world.admin).post(path, answers).status_code == 403
    with world.acting(world.admin) as session, pytest.raises(DBAPIError, match="changed by those who check"):
        session.execute(text("update contact set parental_responsibility = true where name = 'Aunt Ify'"))
    assert world.browser(world.sendco).post(path, answers).status_code == 303
    assert (
        world.scalar(
            "select parental_responsibility from guardianship where id = %s", link(world, world.carer)
        )
        is True
    )


def test_another_mailbox_is_another_person_until_somebody_has_looked(world: World) -> None:
    assert sees_amara(world, world.carer)
    path, answers = carers_contact(world, email="new@home.example")
    assert world.browser(world.sendco).post(path, answers).status_code == 303
    assert status(world, world.carer) == "pending"
    assert not sees_amara(world, world.carer)
    assert (
        world.scalar("select person_id from guardianship where id = %s", link(world, world.carer))
        != world.carer.id
    )


def test_a_stale_contact_shows_both(world: World) -> None:
    path, answers = carers_contact(world, phone="01632 960002")
    world.browser(world.sendco).post(path, answers)
    response = world.browser(world.admin).post(path, {**answers, "phone": "01632 960003"})
    assert response.status_code == 409
    assert "01632 960002" in response.text
    assert 'value="01632 960003"' in response.text


def test_somebody_who_uses_the_portal_stays_a_contact(world: World) -> None:
    path, _ = carers_contact(world)
    assert world.browser(world.sendco).post(f"{path}/removal").status_code == 409
    gran = contact(world, world.amara, "Ada Vale")
    assert (
        world.browser(world.sendco).post(f"/pupils/{world.amara.id}/contacts/{gran}/removal").status_code
        == 303
    )
    assert "No longer a contact" in world.browser(world.sendco).get(adults(world)).text


# Inviting


def invited(world: World, email: str | None = "ada@home.example", name: str = "Ada Vale") -> tuple[str, UUID]:
    made = contact(world, world.amara, name, email=email)
    return f"/pupils/{world.amara.id}/contacts/{made}", made


def test_two_looks_let_somebody_in_and_a_mail_says_where_to_go(world: World) -> None:
    address = f"ada.{world.mark}@home.example"
    path, made = invited(world, address)
    browser = world.browser(world.sendco)
    second = browser.follow(browser.post(f"{path}/invitation"))
    assert "I have checked that this is Ada Vale" in second.text
    row = world.rows("select id, status, person_id from guardianship where contact_id = %s", made)[0]
    assert row.status == "pending"
    assert world.events() == set()
    untouched = browser.post(f"{path}/confirmation")
    assert untouched.status_code == 422
    assert "Tick the box" in untouched.text
    assert browser.post(f"{path}/confirmation", {"confirmed": "yes"}).status_code == 303
    world.gran = Somebody(row.person_id, "Ada Vale", address, links={"amara": row.id})  # type: ignore[attr-defined]
    assert sees_amara(world, world.gran)  # type: ignore[attr-defined]
    world.run_errands()
    mails = [mail for mail in world.mails() if mail["To"] == address]
    assert len(mails) == 1
    assert "Amara" not in str(mails[0]["Subject"]) + text_of(mails[0])
    assert world.scalar("select confirmed_by from guardianship where id = %s", row.id) == world.sendco.id


def test_inviting_twice_is_a_conflict_and_so_is_confirming_twice(world: World) -> None:
    path, _ = invited(world)
    browser = world.browser(world.sendco)
    browser.post(f"{path}/invitation")
    assert browser.post(f"{path}/invitation").status_code == 409
    browser.post(f"{path}/confirmation", {"confirmed": "yes"})
    assert browser.post(f"{path}/confirmation", {"confirmed": "yes"}).status_code == 409


@pytest.mark.parametrize("who", ["admin", "teacher", "assistant"])
def test_those_who_do_not_check_people_do_not_invite(world: World, who: str) -> None:
    path, made = invited(world)
    assert world.browser(getattr(world, who)).post(f"{path}/invitation").status_code == 403
    if who == "admin":
        with world.acting(world.admin) as session, pytest.raises(DBAPIError, match="row-level security"):
            session.execute(
                text(
                    "insert into guardianship (tenant_id, id, pupil_id, contact_id) values (ctx.tenant(), gen_random_uuid(), :p, :c)"
                ),
                {"p": world.amara.id, "c": made},
            )


def test_a_shared_mailbox_is_refused_with_guidance(world: World) -> None:
    path, made = invited(world, world.father.email)
    response = world.browser(world.sendco).post(f"{path}/invitation")
    assert response.status_code == 422
    assert "David Vale has the same email address" in response.text
    assert world.scalar("select count(*) from guardianship where contact_id = %s", made) == 0


def test_without_an_address_there_is_no_invitation(world: World) -> None:
    path, _ = invited(world, None)
    response = world.browser(world.sendco).post(f"{path}/invitation")
    assert response.status_code == 422
    assert "Add an email address first" in response.text


def test_the_second_look_shows_who_else_has_the_address(world: World) -> None:
    path, _ = invited(world, world.other_mother.email)
    browser = world.browser(world.sendco)
    assert "Leila Bex (Idris)" in browser.follow(browser.post(f"{path}/invitation")).text


def test_somebody_who_was_stopped_does_not_come_back_by_another_address(world: World) -> None:
    propose(world, world.dsl, world.father, "barred")
    path, _ = invited(world, "other@home.example", "David VALE")
    response = world.browser(world.sendco).post(f"{path}/invitation")
    assert response.status_code == 422
    assert "had their access stopped" in response.text


def test_the_person_behind_a_link_is_never_the_schools_choice(world: World) -> None:
    _, made = invited(world, f"ada.{world.mark}@home.example")
    with world.acting(world.sendco) as session:
        session.execute(
            text("""insert into guardianship (tenant_id, id, pupil_id, contact_id, person_id, parental_responsibility,
                    child_name, school_name) values (ctx.tenant(), gen_random_uuid(), :p, :c, :who, true, '', '')"""),
            {"p": world.amara.id, "c": made, "who": world.barred.id},
        )
    row = world.rows(
        "select p.email from guardianship g join person p on p.id = g.person_id where g.contact_id = %s", made
    )[0]
    assert row.email == f"ada.{world.mark}@home.example"


def test_a_known_person_is_found_again_and_not_made_twice(world: World) -> None:
    _, made = invited(world, world.other_mother.email.upper())
    browser = world.browser(world.sendco)
    browser.post(f"/pupils/{world.amara.id}/contacts/{made}/invitation")
    assert (
        world.scalar("select person_id from guardianship where contact_id = %s", made)
        == world.other_mother.id
    )


# Stopping and giving back


@pytest.mark.parametrize("who", ["head", "dsl"])
def test_a_bar_acts_at_once_and_waits_for_the_other(world: World, who: str) -> None:
    assert sees_amara(world, world.father)
    assert own_links(world, world.father) == 1
    assert propose(world, getattr(world, who), world.father, "barred") == 303
    assert status(world, world.father) == "barred"
    assert not sees_amara(world, world.father)
    assert own_links(world, world.father) == 0
    assert sees_amara(world, world.mother)
    assert confirm(world, getattr(world, who)) == 409
    assert confirm(world, world.dsl if who == "head" else world.head) == 303
    assert status(world, world.father) == "barred"


def test_a_barred_parent_stays_signed_in_and_sees_nothing(world: World) -> None:
    browser = world.browser(world.father)
    path = f"/children/{link(world, world.father)}"
    before = browser.get(path).status_code
    propose(world, world.dsl, world.father, "barred")
    assert before == 200
    assert browser.get(path).status_code == 404
    assert browser.get("/").status_code == 200
    assert "Amara" not in browser.get("/").text


def test_access_comes_back_only_when_two_have_said_so(world: World) -> None:
    propose(world, world.dsl, world.father, "barred")
    confirm(world, world.head)
    assert propose(world, world.head, world.father, "active") == 303
    assert status(world, world.father) == "barred"
    assert confirm(world, world.head) == 409
    assert status(world, world.father) == "barred"
    assert confirm(world, world.dsl) == 303
    assert status(world, world.father) == "pending"  # made by the world without a look: it is owed one now
    world.execute(
        "update guardianship set status = 'barred', confirmed_at = now() where id = %s",
        link(world, world.father),
    )
    propose(world, world.dsl, world.father, "active")
    assert confirm(world, world.head) == 303
    assert status(world, world.father) == "active"
    assert sees_amara(world, world.father)


def test_a_bar_softened_to_restricted_needs_two_as_well(world: World) -> None:
    propose(world, world.dsl, world.father, "barred")
    propose(world, world.dsl, world.father, "restricted")
    assert status(world, world.father) == "barred"
    assert confirm(world, world.head) == 303
    assert status(world, world.father) == "restricted"


def test_a_proposal_to_open_can_be_taken_back_and_a_bar_cannot(world: World) -> None:
    propose(world, world.dsl, world.father, "barred")
    bar = world.scalar("select id from access_change where tenant_id = %s", world.larkrise.id)
    browser = world.browser(world.dsl)
    assert browser.post(f"/pupils/{world.amara.id}/access-changes/{bar}/withdrawal").status_code == 409
    propose(world, world.head, world.father, "active")
    lift = world.scalar("select id from access_change where lifts and tenant_id = %s", world.larkrise.id)
    assert browser.post(f"/pupils/{world.amara.id}/access-changes/{lift}/withdrawal").status_code == 303
    assert confirm(world, world.dsl) == 409
    assert status(world, world.father) == "barred"


def test_one_person_with_both_roles_is_still_one_person(world: World) -> None:
    world.execute("update membership set roles = '{headteacher,dsl}' where person_id = %s", world.head.id)
    propose(world, world.head, world.father, "barred")
    propose(world, world.head, world.father, "active")
    assert confirm(world, world.head) == 409
    assert status(world, world.father) == "barred"
    assert confirm(world, world.dsl) == 303


@pytest.mark.parametrize("who", ["sendco", "admin", "teacher", "assistant"])
def test_nobody_else_changes_access_or_reads_why(world: World, who: str) -> None:
    assert propose(world, getattr(world, who), world.father, "barred") == 403
    propose(world, world.dsl, world.father, "barred")
    page = world.browser(getattr(world, who)).get(
        f"/pupils/{world.amara.id}/guardians/{link(world, world.father)}/access"
    )
    assert page.status_code == 403
    with world.acting(getattr(world, who)) as session:
        assert session.scalar(text("select count(*) from access_change")) == 0
    assert (
        REASON
        in world.browser(world.head)
        .get(f"/pupils/{world.amara.id}/guardians/{link(world, world.father)}/access")
        .text
    )


def test_only_the_two_leads_are_told_and_never_whom_it_is_about(world: World) -> None:
    propose(world, world.dsl, world.father, "barred")
    confirm(world, world.head)
    world.run_errands()
    assert {mail["To"] for mail in world.mails()} <= {world.head.email, world.dsl.email}
    told = {
        row.person_id
        for row in world.rows("select person_id from notification where tenant_id = %s", world.larkrise.id)
    }
    assert told == {world.head.id, world.dsl.id}


def test_a_reason_is_needed_and_a_change_must_change_something(world: World) -> None:
    path = f"/pupils/{world.amara.id}/guardians/{link(world, world.father)}/access-changes"
    browser = world.browser(world.head)
    response = browser.post(path, {"to_status": "barred"})
    assert response.status_code == 422
    assert "Enter the reason" in response.text
    assert "like that already" in browser.post(path, {"to_status": "active", "reason": REASON}).text
    assert status(world, world.father) == "active"


BY_HAND = {
    "a SENDCO lifts a bar by hand": (
        "sendco",
        "update guardianship set status = 'active' where person_id = :barred",
    ),
    "a head lifts a bar by hand": (
        "head",
        "update guardianship set status = 'active' where person_id = :barred",
    ),
    "a DSL bars by hand": ("dsl", "update guardianship set status = 'barred' where person_id = :father"),
    "a SENDCO moves a link to somebody else": (
        "sendco",
        "update guardianship set person_id = :barred where person_id = :father",
    ),
}


@pytest.mark.parametrize("name", sorted(BY_HAND))
def test_postgresql_itself_moves_access_by_no_other_way(world: World, name: str) -> None:
    who, statement = BY_HAND[name]
    people = {"barred": world.barred.id, "father": world.father.id}
    before = world.rows(
        "select id, status, person_id from guardianship where tenant_id = %s order by id", world.larkrise.id
    )
    try:
        with world.acting(getattr(world, who)) as session:
            session.execute(text(statement), {k: v for k, v in people.items() if f":{k}" in statement})
    except DBAPIError as error:
        assert "permission denied" in str(error) or "row-level security" in str(error)  # noqa: PT017
    after = world.rows(
        "select id, status, person_id from guardianship where tenant_id = %s order by id", world.larkrise.id
    )
    assert before == after


FORGED = {
    "in the name of another": {"proposed_by": "dsl", "proposed_role": "dsl"},
    "in another role": {"proposed_by": "head", "proposed_role": "dsl"},
    "confirmed from the start": {
        "proposed_by": "head", "proposed_role": "headteacher", "confirmed_by": "dsl", "confirmed_role": "dsl",
        "confirmed_at": "2026-01-01",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(FORGED))
def test_a_change_cannot_be_forged(world: World, name: str) -> None:
    said = {k: getattr(world, v).id if k.endswith("_by") else v for k, v in FORGED[name].items()}
    values = said | {
        "to_status": "active",
        "reason": "x",
        "pupil_id": world.idris.id,
        "guardianship_id": world.barred.links["idris"],
    }
    names, marks = ", ".join(values), ", ".join(f":{n}" for n in values)
    with world.acting(world.head) as session, pytest.raises(DBAPIError, match="row-level security"):
        session.execute(
            text(
                f"insert into access_change (tenant_id, id, {names}) values (ctx.tenant(), gen_random_uuid(), {marks})"
            ),
            values,
        )
    assert (
        world.scalar("select status from guardianship where id = %s", world.barred.links["idris"]) == "barred"
    )


@pytest.mark.parametrize(
    "tail", ["guardians", "contacts/{contact}/confirmation/new", "guardians/{link}/access"]
)
def test_pages_take_three_statements_at_most(world: World, tail: str) -> None:
    made = world.scalar("select contact_id from guardianship where id = %s", link(world, world.father))
    path = f"/pupils/{world.amara.id}/" + tail.format(contact=made, link=link(world, world.father))
    assert 1 < len(statements(world, world.head, path)) <= 3
