"""A row of a file is about a pupil for sure, or somebody is asked: no child is doubled and no twin is lost."""

from datetime import date

from tests.builders.pupils import HEADINGS, bring, child, say_yes, with_upn
from tests.world import World

AMARA = "Okonjo-Vale,Amara,04/11/2019"


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
