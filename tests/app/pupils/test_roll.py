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
    assert "Enter the pupil’s surname" in page
    assert say_yes(admin, address).status_code == 303
    names = {
        row.legal_surname
        for row in world.rows("select legal_surname from pupil where tenant_id = %s", world.larkrise.id)
    }
    assert "Carrow" in names
    assert "Wrong" not in names


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
