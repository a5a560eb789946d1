"""A roll from a file: looked at first, written whole or not at all, and the second time it changes nothing."""

import re
import time
from datetime import date

import pytest
from sqlalchemy import text

from tests.builders.counting import statements
from tests.builders.pupils import (
    HEADINGS,
    LARKRISE,
    bring,
    child,
    contact,
    data_stream,
    say_yes,
    upn,
    with_upn,
)
from tests.world import World

AMARA = "Okonjo-Vale,Amara,04/11/2019"
PUPILS = "select count(*) from pupil where tenant_id = %s"


def test_a_whole_school_comes_in_and_the_second_time_nothing_changes(world: World) -> None:
    admin = world.browser(world.admin)
    before = world.scalar(PUPILS, world.larkrise.id)
    address = bring(admin, LARKRISE.read_bytes())
    page = admin.get(address).text
    new = int(re.search(r"<li>(\d+) new</li>", page)[1])  # type: ignore[index]
    assert new > 15
    assert world.scalar(PUPILS, world.larkrise.id) == before
    done = admin.follow(say_yes(admin, address))
    assert f"{new} added" in done.text
    assert world.scalar(PUPILS, world.larkrise.id) == before + new
    assert "Zosia" in admin.get("/pupils?q=lukasiewicz").text
    again = admin.get(bring(admin, LARKRISE.read_bytes())).text
    assert "<li>0 new</li>" in again
    assert "<li>0 changed</li>" in again
    assert "<li>0 to ask you about</li>" in again
    assert "There is nothing to import" in again


def test_contacts_needs_classes_and_responsibility_come_with_the_pupils(world: World) -> None:
    admin = world.browser(world.admin)
    say_yes(admin, bring(admin, LARKRISE.read_bytes()))
    teddy = world.rows(
        "select p.id, k.name, p.preferred_forename from pupil p join school_class k on k.id = p.class_id "
        "where p.legal_surname = 'Rusk' and p.tenant_id = %s",
        world.larkrise.id,
    )[0]
    assert (teddy.name, teddy.preferred_forename) == ("6 Oak", "Teddy")
    found = world.rows(
        "select name, parental_responsibility from contact where pupil_id = %s order by priority", teddy.id
    )
    assert [tuple(row) for row in found] == [("Lena Rusk", True), ("Colin Rusk", False)]
    assert world.scalar("select code from pupil_need where pupil_id = %s and rank = 1", teddy.id) == "SEMH"


def test_what_was_exported_comes_back_unchanged_and_the_export_is_written_down(world: World) -> None:
    admin = world.browser(world.admin)
    say_yes(admin, bring(admin, LARKRISE.read_bytes()))
    contact(world, world.ilyas, "=HYPERLINK(1)")
    export = admin.post("/roll-exports")
    assert export.mimetype == "text/csv"
    assert "'=HYPERLINK(1)" in export.data.decode("utf-8-sig")
    page = admin.get(bring(admin, export.data)).text
    assert "<li>0 new</li>" in page
    assert "<li>0 changed</li>" in page
    assert world.scalar("select pupils from roll_export where person_id = %s", world.admin.id) > 15
    assert "roll_export" in {
        row.table_name
        for row in world.rows("select table_name from audit_entry where tenant_id = %s", world.larkrise.id)
    }


@pytest.mark.parametrize("who", ["sendco", "teacher", "head", "dsl", "assistant"])
def test_nobody_else_imports_or_exports(world: World, who: str) -> None:
    browser = world.browser(getattr(world, who))
    assert browser.get("/roll-imports/new").status_code == 403
    assert browser.post("/roll-imports", {"file": (data_stream(b"x"), "a.csv")}).status_code == 403
    assert browser.post("/roll-exports").status_code == 403


def test_a_file_that_was_brought_is_nobody_elses(world: World) -> None:
    address = bring(world.browser(world.admin), f"{HEADINGS}\n,{AMARA},2,2A,K\n")
    assert world.browser(world.other_admin).get(address).status_code == 404
    for who, seen in ((world.admin, 1), (world.other_admin, 0)):
        with world.acting(who) as session:
            assert session.scalar(text("select count(*) from roll_import")) == seen


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The selected file is empty"),
        (b"PK\x03\x04 not a list", "The selected file must be a CSV"),
        (b"Name,Age\nAmara,7\n", "must start with headings"),
        (b"Surname,Forename,Date of birth\n", "has headings but no pupils"),
        (b'Surname,Forename,DOB\n"Bex,Idris,1/1/2017\n', "quotation mark"),
    ],
)
def test_a_file_that_cannot_be_read_is_explained(world: World, content: bytes, sentence: str) -> None:
    response = world.browser(world.admin).post("/roll-imports", {"file": (data_stream(content), "roll.csv")})
    assert response.status_code == 422
    assert sentence in response.text
    assert world.scalar("select count(*) from roll_import where person_id = %s", world.admin.id) == 0


def test_no_file_at_all_is_explained(world: World) -> None:
    assert world.browser(world.admin).post("/roll-imports").status_code == 422


def test_rows_with_a_problem_wait_and_the_others_come_in(world: World) -> None:
    admin = world.browser(world.admin)
    file = f"{HEADINGS}\n,Carrow,Maisie,08/09/2018,3,3H,N\nA801200005001,Wrong,Ann,08/09/2018,3,3H,N\n,,Bo,31/02/2018,3,3H,N\n"
    address = bring(admin, file)
    page = admin.get(address).text
    assert "first letter that does not fit" in page
    assert "Enter the pupil&#39;s surname" in page
    assert say_yes(admin, address).status_code == 303
    names = {
        row.legal_surname
        for row in world.rows("select legal_surname from pupil where tenant_id = %s", world.larkrise.id)
    }
    assert "Carrow" in names
    assert "Wrong" not in names


def test_an_empty_cell_takes_nothing_away(world: World) -> None:
    admin = world.browser(world.admin)
    number = with_upn(world, world.amara, 1)
    address = bring(admin, f"{HEADINGS}\n,{AMARA},,,\n")
    assert "<li>1 unchanged</li>" in admin.get(address).text
    assert world.scalar("select upn from pupil_upn where pupil_id = %s", world.amara.id) == number


def test_a_class_move_and_a_new_upn_are_shown_and_done(world: World) -> None:
    admin = world.browser(world.admin)
    address = bring(admin, f"{HEADINGS}\n{upn(7)},{AMARA},3,3 Hazel,E\n")
    page = admin.get(address).text
    assert "Class: 2A → 3 Hazel" in page
    assert "Year group: Year 2 → Year 3" in page
    assert "UPN added" in page
    assert say_yes(admin, address).status_code == 303
    row = world.rows("select year_group, sen_provision, version from pupil where id = %s", world.amara.id)[0]
    assert tuple(row) == (3, "E", 2)
    assert world.browser(world.teacher).get(f"/pupils/{world.amara.id}").status_code == 404


def test_next_years_class_of_the_same_name_is_another_class(world: World) -> None:
    world.execute("update school_class set ended_on = '2026-07-20' where id = %s", world.class_2a)
    admin = world.browser(world.admin)
    say_yes(admin, bring(admin, f"{HEADINGS}\n,{AMARA},2,2A,K\n"))
    assert world.scalar("select class_id from pupil where id = %s", world.amara.id) != world.class_2a
    assert world.browser(world.teacher).get(f"/pupils/{world.amara.id}").status_code == 404


def test_twins_stay_two_children(world: World) -> None:
    admin = world.browser(world.admin)
    twins = f"{HEADINGS}\n,Bex,Idris,23/09/2017,4,4B,K\n,Bex,Ilyas,23/09/2017,4,4B,K\n"
    page = admin.get(bring(admin, twins)).text
    assert "<li>2 unchanged</li>" in page
    fresh = f"{HEADINGS}\n,Zed,Ann,01/02/2018,3,3H,N\n,Zed,Bea,01/02/2018,3,3H,N\n"
    say_yes(admin, bring(admin, fresh))
    assert (
        world.scalar(
            "select count(*) from pupil where legal_surname = 'Zed' and tenant_id = %s", world.larkrise.id
        )
        == 2
    )


def test_a_third_child_of_that_name_and_day_is_asked_about(world: World) -> None:
    admin = world.browser(world.admin)
    address = bring(admin, f"{HEADINGS}\n,Bex,Isa,23/09/2017,4,4B,K\n")
    page = admin.get(address).text
    assert "<li>1 to ask you about</li>" in page
    assert "Is it the same child, or a twin?" in page
    unanswered = say_yes(admin, address)
    assert unanswered.status_code == 422
    assert "Row 2:" in unanswered.text
    assert say_yes(admin, address, row_2="new").status_code == 303
    names = world.rows(
        "select legal_forenames from pupil where legal_surname = 'Bex' and tenant_id = %s", world.larkrise.id
    )
    assert {row.legal_forenames for row in names} == {"Idris", "Ilyas", "Isa"}


def test_the_same_child_under_another_spelling_is_not_doubled(world: World) -> None:
    admin = world.browser(world.admin)
    address = bring(admin, f"{HEADINGS}\n,Okonjo-Vale,Amarachi,04/11/2019,2,2A,K\n")
    assert say_yes(admin, address, row_2=str(world.amara.id)).status_code == 303
    assert world.scalar("select legal_forenames from pupil where id = %s", world.amara.id) == "Amarachi"
    assert (
        world.scalar("select child_name from guardianship where id = %s", world.mother.links["amara"])
        == "Amarachi"
    )


def test_two_of_the_same_name_and_day_are_asked_about(world: World) -> None:
    child(world, world.larkrise, "Amara", "Okonjo-Vale", born=date(2019, 11, 4))
    admin = world.browser(world.admin)
    address = bring(admin, f"{HEADINGS}\n,{AMARA},2,2A,K\n")
    assert "There are several pupils with this name" in admin.get(address).text
    assert say_yes(admin, address, row_2="skip").status_code == 303


def test_an_answer_cannot_name_a_child_who_was_not_offered(world: World) -> None:
    admin = world.browser(world.admin)
    address = bring(admin, f"{HEADINGS}\n,Bex,Isa,23/09/2017,4,4B,K\n")
    assert say_yes(admin, address, row_2=str(world.amara.id)).status_code == 422
    assert say_yes(admin, address, row_2=str(world.noor.id)).status_code == 422


def test_a_upn_of_somebody_else_is_asked_about(world: World) -> None:
    number = with_upn(world, world.idris, 5)
    admin = world.browser(world.admin)
    page = admin.get(bring(admin, f"{HEADINGS}\n{number},Carrow,Maisie,08/09/2018,3,3H,N\n")).text
    assert "This UPN belongs to Idris Bex" in page
    assert "Another child" not in page


def test_a_list_that_has_changed_meanwhile_is_shown_again(world: World) -> None:
    admin = world.browser(world.admin)
    address = bring(admin, f"{HEADINGS}\n,Carrow,Maisie,08/09/2018,3,3H,N\n")
    fingerprint = re.search(r'name="fingerprint" value="([0-9a-f]+)"', admin.get(address).text)[1]  # type: ignore[index]
    child(world, world.larkrise, "Maisie", "Carrow", born=date(2018, 9, 8))
    response = admin.post(f"{address}/confirmation", {"fingerprint": fingerprint})
    assert response.status_code == 422
    assert "has changed since you looked" in response.text
    assert (
        world.scalar(
            "select count(*) from pupil where legal_surname = 'Carrow' and tenant_id = %s", world.larkrise.id
        )
        == 1
    )


def test_a_file_is_imported_once_and_not_kept(world: World) -> None:
    admin = world.browser(world.admin)
    address = bring(admin, f"{HEADINGS}\n,Carrow,Maisie,08/09/2018,3,3H,N\n")
    form = {"fingerprint": re.search(r'name="fingerprint" value="([0-9a-f]+)"', admin.get(address).text)[1]}  # type: ignore[index]
    assert admin.post(f"{address}/confirmation", form).status_code == 303
    assert admin.post(f"{address}/confirmation", form).status_code in (409, 422, 404)
    assert world.scalar("select rows from roll_import where person_id = %s", world.admin.id) == []
    assert "1 added" in admin.get(address).text


def test_a_leaver_in_the_file_comes_back(world: World) -> None:
    world.execute("update pupil set left_on = '2026-07-20', class_id = null where id = %s", world.amara.id)
    admin = world.browser(world.admin)
    address = bring(admin, f"{HEADINGS}\n,{AMARA},2,2A,K\n")
    assert "Back on the roll" in admin.get(address).text
    say_yes(admin, address)
    assert world.scalar("select left_on from pupil where id = %s", world.amara.id) is None


def test_a_file_changes_neither_mailbox_nor_responsibility_of_a_guardian(world: World) -> None:
    admin = world.browser(world.admin)
    headings = f"{HEADINGS},Contact 1 name,Contact 1 email,Contact 1 phone,Contact 1 PR"
    address = bring(admin, f"{headings}\n,{AMARA},2,2A,K,Aunt Ify,thief@home.example,01632 960001,Y\n")
    assert "Aunt Ify uses the family portal" in admin.get(address).text
    say_yes(admin, address)
    row = world.rows(
        "select email, phone, parental_responsibility from contact where name = 'Aunt Ify' and pupil_id = %s",
        world.amara.id,
    )[0]
    assert (row.email, row.phone, row.parental_responsibility) == (world.carer.email, "01632 960001", False)


def test_formulas_in_a_file_are_only_words(world: World) -> None:
    admin = world.browser(world.admin)
    say_yes(admin, bring(admin, f'{HEADINGS}\n,"=cmd|calc",Maisie,08/09/2018,3,3H,N\n'))
    assert "'=cmd|calc" in admin.post("/roll-exports").data.decode("utf-8-sig")


def test_five_hundred_pupils_take_seconds(world: World) -> None:
    rows = "".join(
        f"{upn(n, '998') if n < 1000 else ''},Family{n},Child{n},{n % 28 + 1:02d}/03/2018,3,Class {n % 20},K\n"
        for n in range(500)
    )
    admin = world.browser(world.admin)
    started = time.monotonic()
    assert say_yes(admin, bring(admin, f"{HEADINGS}\n{rows}")).status_code == 303
    assert time.monotonic() - started < 10
    assert world.scalar(PUPILS, world.larkrise.id) == 503


def test_a_file_that_nobody_confirmed_is_swept_after_a_day(world: World) -> None:
    bring(world.browser(world.admin), f"{HEADINGS}\n,{AMARA},2,2A,K\n")
    held = "select count(*) from roll_import where person_id = %s"
    sweep = "select door.sweep_roll_imports()"
    with world.database.as_login("send_worker") as worker:
        worker.execute(sweep)
    assert world.scalar(held, world.admin.id) == 1
    world.execute(
        "update roll_import set created_at = now() - interval '25 hours' where person_id = %s", world.admin.id
    )
    with world.database.as_login("send_worker") as worker:
        worker.execute(sweep)
    assert world.scalar(held, world.admin.id) == 0


def test_the_preview_takes_three_statements(world: World) -> None:
    address = bring(world.browser(world.admin), LARKRISE.read_bytes())
    assert len(statements(world, world.admin, address)) == 3
