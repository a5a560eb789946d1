"""What a file changes of a pupil who is on the roll, and what it never touches."""

from app.kernel.clock import today
from tests.builders.pupils import HEADINGS, bring, contact, say_yes, upn, with_upn
from tests.builders.sharing import asked
from tests.world import World

AMARA = "Okonjo-Vale,Amara,04/11/2019"


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


def test_a_file_does_not_change_the_responsibility_of_somebody_who_has_said_no(world: World) -> None:
    gran, ask_id = contact(world, world.amara, "Ada Vale"), asked(world, world.amara, world.ashmere)
    ask = world.rows("select content_hash, sha256(convert_to(wording, 'UTF8')) as words from consent_ask where id = %s",
                     ask_id)[0]  # fmt: skip
    world.insert(
        "consent", tenant_id=world.larkrise.id, ask_id=ask_id, pupil_id=world.amara.id, given=False, method="paper",
        basis="parental_responsibility", contact_id=gran, said_by="Ada Vale", content_hash=ask.content_hash,
        wording_hash=ask.words, recorded_by=world.sendco.id, given_on=today(), expires_on=f"{today().year + 1}-12-01",
    )  # fmt: skip
    admin = world.browser(world.admin)
    headings = f"{HEADINGS},Contact 1 name,Contact 1 email,Contact 1 PR"
    address = bring(admin, f"{headings}\n,{AMARA},2,2A,K,Ada Vale,ada@home.example,N\n")
    assert "Ada Vale has said no to sharing" in admin.get(address).text
    say_yes(admin, address)
    row = world.rows("select email, parental_responsibility from contact where id = %s", gran)[0]
    assert (row.email, row.parental_responsibility) == ("ada@home.example", True)
