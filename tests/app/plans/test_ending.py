"""A plan that the family has seen is ended, with a reason that it can read; a draft that it has not is discarded."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.kernel.clock import today
from app.kernel.errors import NotFound
from app.plans import queries
from app.reviews import queries as reviews
from tests.builders.plans import agreed_plan, draft_plan, reviewed_plan, shared_plan, taken_back_plan
from tests.world import World

KEY = "0192f0c4-0000-7000-8000-000000000002"
WHY = "She reads with everybody now. The class keeps the break card."


def facts(world: World, plan_id: UUID) -> Any:
    return world.rows("select status, version, ended_on, ended_because from plan where id = %s", plan_id)[0]


def ending(world: World, plan_id: UUID, **changes: str) -> dict[str, str]:
    day, version = today(), str(facts(world, plan_id).version)
    on = {"ended_on-day": str(day.day), "ended_on-month": str(day.month), "ended_on-year": str(day.year)}
    return {"version": version, "ended_because": WHY, **on} | changes


def discarding(world: World, plan_id: UUID) -> dict[str, str]:
    return {"version": str(facts(world, plan_id).version)}


def test_the_sendco_ends_a_plan_and_the_list_says_what_comes_next(world: World) -> None:
    sendco, plan_id = world.browser(world.sendco), reviewed_plan(world, world.amara)
    assert "End this plan" in sendco.get(f"/plans/{plan_id}").text
    assert "Talk to the family before you do this" in sendco.get(f"/plans/{plan_id}/end/new").text
    page = sendco.follow(sendco.post(f"/plans/{plan_id}/end", ending(world, plan_id))).text
    for words in ("Amara has no plan now", "change the SEN status", "Start a new plan", "Ended"):
        assert words in page
    assert facts(world, plan_id).status == "ceased"
    shown = sendco.get(f"/plans/{plan_id}").text
    assert WHY in shown
    assert "Written down by Priya Nair" in shown
    assert "End this plan" not in shown


def test_everybody_with_access_and_the_teacher_are_told_and_nobody_else(world: World) -> None:
    plan_id = agreed_plan(world, world.amara)
    world.browser(world.sendco).post(f"/plans/{plan_id}/end", ending(world, plan_id))
    world.run_errands()
    query = "select person_id, path from notification where kind = 'plan_ended' and tenant_id = %s"
    told = {row.person_id: row.path for row in world.rows(query, world.larkrise.id)}
    family = (world.mother, world.father, world.carer)
    assert set(told) == {world.teacher.id, *(who.id for who in family)}
    for who in family:
        assert told[who.id] == f"/children/{who.links['amara']}/plans/{plan_id}"
        assert world.browser(who).get(told[who.id]).status_code == 200
    assert WHY not in str([str(mail) for mail in world.mails()])


def test_the_family_reads_why_its_plan_ended_and_no_other_family_does(world: World) -> None:
    plan_id = agreed_plan(world, world.amara)
    world.browser(world.sendco).post(f"/plans/{plan_id}/end", ending(world, plan_id))
    with world.acting(world.mother, child="amara"):
        assert queries.get_plan(plan_id).ended_because == WHY
    with world.acting(world.other_mother, child="idris"), pytest.raises(NotFound):
        queries.get_plan(plan_id)


def test_the_change_is_in_the_audit(world: World) -> None:
    ended, draft = agreed_plan(world, world.amara), draft_plan(world, world.idris, world.sendco)
    sendco = world.browser(world.sendco)
    sendco.post(f"/plans/{ended}/end", ending(world, ended))
    sendco.post(f"/plans/{draft}/draft/removal", discarding(world, draft))
    query = "select command from audit_entry where table_name = 'plan' and row_id = %s and person_id = %s"
    assert "update" in {row.command for row in world.rows(query, str(ended), world.sendco.id)}
    assert [row.command for row in world.rows(query, str(draft), world.sendco.id)] == ["delete"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"ended_because": " "}, "Enter why the plan ends"),
        ({"ended_on-year": "2999"}, "must be today or in the past"),
        ({"ended_on-day": ""}, "must include a day, a month and a year"),
    ],
)
def test_an_ending_that_says_too_little_is_explained(
    world: World, changes: dict[str, str], sentence: str
) -> None:
    plan_id = agreed_plan(world, world.amara)
    page = world.browser(world.sendco).post(f"/plans/{plan_id}/end", ending(world, plan_id, **changes))
    assert page.status_code == 422
    assert sentence in page.text
    assert changes.get("ended_because", WHY) in page.text
    assert facts(world, plan_id).status == "agreed"


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("teacher", 403),
        ("head", 403),
        ("dsl", 403),
        ("assistant", 403),
        ("admin", 403),
        ("other_sendco", 404),
    ],
)
def test_nobody_else_ends_or_discards(world: World, who: str, status: int) -> None:
    ended, draft = agreed_plan(world, world.amara), draft_plan(world, world.amara, world.teacher)
    browser = world.browser(getattr(world, who))
    for path, form in (
        (f"/plans/{ended}/end", ending(world, ended)),
        (f"/plans/{draft}/draft/removal", discarding(world, draft)),
    ):
        assert browser.get(f"{path}/new").status_code == status
        assert browser.post(path, form).status_code == status
    assert (facts(world, ended).status, facts(world, draft).status) == ("agreed", "draft")


def test_an_unknown_plan_is_not_found(world: World) -> None:
    for path in (f"/plans/{uuid4()}/end", f"/plans/{uuid4()}/draft/removal"):
        assert world.browser(world.sendco).get(f"{path}/new").status_code == 404
        assert world.browser(world.sendco).post(path, {"version": "1"}).status_code == 404


def test_ending_twice_ends_once(world: World) -> None:
    sendco, plan_id = world.browser(world.sendco), agreed_plan(world, world.amara)
    form = ending(world, plan_id, idempotency_key=KEY)
    assert [sendco.post(f"/plans/{plan_id}/end", form).status_code for _ in range(2)] == [303, 303]
    assert sendco.post(f"/plans/{plan_id}/end", ending(world, plan_id)).status_code == 409
    count = "select count(*) from outbox_entry where kind = 'PlanEnded' and tenant_id = %s"
    assert world.scalar(count, world.larkrise.id) == 1
    assert "nothing to end" in sendco.get(f"/plans/{plan_id}/end/new").text


def test_a_plan_that_changed_meanwhile_is_read_again_before_it_ends(world: World) -> None:
    sendco, plan_id = world.browser(world.sendco), shared_plan(world, world.amara)
    old = ending(world, plan_id)
    sendco.post(f"/plans/{plan_id}/share/removal")
    sendco.post(f"/plans/{plan_id}/share")
    page = sendco.post(f"/plans/{plan_id}/end", old)
    assert page.status_code == 409
    assert WHY in page.text
    assert "has changed since you opened this page" in page.text
    assert f'name="version" value="{facts(world, plan_id).version}"' in page.text
    assert facts(world, plan_id).status == "shared"


def test_a_new_version_that_the_family_has_seen_ends_with_the_plan(world: World) -> None:
    before, after = agreed_plan(world, world.amara), shared_plan(world, world.amara)
    sendco = world.browser(world.sendco)
    assert "Plan 2, which the family has seen, ends too" in sendco.get(f"/plans/{before}/end/new").text
    assert sendco.post(f"/plans/{before}/end", ending(world, before)).status_code == 303
    assert [facts(world, plan_id).status for plan_id in (before, after)] == ["ceased", "ceased"]
    assert sendco.post(f"/pupils/{world.amara.id}/plans").status_code == 303


def test_a_draft_that_the_family_has_not_seen_goes_first(world: World) -> None:
    before, draft = agreed_plan(world, world.amara), draft_plan(world, world.amara, world.sendco)
    sendco = world.browser(world.sendco)
    assert "Discard the draft of plan 2" in sendco.get(f"/plans/{before}/end/new").text
    assert sendco.post(f"/plans/{before}/end", ending(world, before)).status_code == 409
    assert sendco.post(f"/plans/{draft}/end", ending(world, draft)).status_code == 409
    assert sendco.post(f"/plans/{draft}/draft/removal", discarding(world, draft)).status_code == 303
    assert sendco.post(f"/plans/{before}/end", ending(world, before)).status_code == 303


def test_words_that_were_taken_back_and_never_shared_again_stay_at_school(world: World) -> None:
    plan_id = taken_back_plan(world, world.amara, strengths="Not for home yet")
    assert "has seen this plan" in world.browser(world.sendco).get(f"/plans/{plan_id}/draft/removal/new").text
    world.browser(world.sendco).post(f"/plans/{plan_id}/end", ending(world, plan_id))
    assert facts(world, plan_id).status == "ceased"
    world.run_errands()
    path = world.scalar("select path from notification where person_id = %s", world.mother.id)
    assert path == f"/children/{world.mother.links['amara']}"
    with world.acting(world.mother, child="amara") as session:
        assert session.scalar(text("select count(*) from plan")) == 0
    with world.acting(world.sendco) as session:
        assert session.scalar(text("select count(*) from plan")) == 1


def test_a_plan_that_is_over_never_moves_again(world: World) -> None:
    old, plan_id = agreed_plan(world, world.amara), agreed_plan(world, world.amara)
    world.browser(world.sendco).post(f"/plans/{plan_id}/end", ending(world, plan_id))
    for over in (old, plan_id):
        with world.acting(world.sendco) as session, pytest.raises(DBAPIError, match="over is never changed"):
            session.execute(
                text("update plan set status = 'ceased', ended_because = 'x' where id = :id"), {"id": over}
            )


def test_an_agreed_plan_keeps_its_words_when_it_ends(world: World) -> None:
    plan_id = agreed_plan(world, world.amara)
    change = "update plan set status = 'ceased', ended_on = ctx.today(), strengths = 'x' where id = :id"
    with world.acting(world.sendco) as session, pytest.raises(DBAPIError, match="never changed"):
        session.execute(text(change), {"id": plan_id})


def test_a_plan_that_goes_on_has_no_day_of_its_end(world: World) -> None:
    plan_id = draft_plan(world, world.amara, world.sendco)
    with world.acting(world.sendco) as session, pytest.raises(DBAPIError, match="check constraint"):
        session.execute(text("update plan set ended_on = ctx.today() where id = :id"), {"id": plan_id})


def test_a_discarded_draft_is_gone_with_its_parts_and_the_plan_before_stays(world: World) -> None:
    before, draft = agreed_plan(world, world.amara), draft_plan(world, world.amara, world.sendco)
    sendco = world.browser(world.sendco)
    assert "Discard this draft" in sendco.get(f"/plans/{draft}/draft").text
    assert "2 needs, 2 targets and 3 lines of help" in sendco.get(f"/plans/{draft}/draft/removal/new").text
    page = sendco.follow(sendco.post(f"/plans/{draft}/draft/removal", discarding(world, draft))).text
    assert "The draft has been discarded" in page
    assert "Plan 2" not in page
    for table in ("plan_need", "target", "provision"):
        assert world.scalar(f"select count(*) from {table} where plan_id = %s", draft) == 0
        assert world.scalar(f"select count(*) from {table} where plan_id = %s", before) > 0
    assert sendco.get(f"/plans/{draft}").status_code == 404
    assert sendco.post(f"/pupils/{world.amara.id}/plans").status_code == 303


def test_the_first_draft_leaves_an_empty_list(world: World) -> None:
    sendco, draft = world.browser(world.sendco), draft_plan(world, world.amara, world.sendco)
    page = sendco.follow(sendco.post(f"/plans/{draft}/draft/removal", discarding(world, draft))).text
    assert "Amara does not have a plan yet" in page


def test_discarding_twice_discards_once(world: World) -> None:
    sendco, draft = world.browser(world.sendco), draft_plan(world, world.amara, world.sendco)
    form = discarding(world, draft) | {"idempotency_key": KEY}
    assert [sendco.post(f"/plans/{draft}/draft/removal", form).status_code for _ in range(2)] == [303, 303]
    form.pop("idempotency_key")
    assert sendco.post(f"/plans/{draft}/draft/removal", form).status_code == 404


def test_a_draft_that_changed_meanwhile_is_looked_at_again(world: World) -> None:
    sendco, draft = world.browser(world.sendco), draft_plan(world, world.amara, world.sendco)
    old = discarding(world, draft)
    about = old | {"strengths": "New words", "difficulties": "x", "outcomes": "x"}
    assert world.browser(world.teacher).post(f"/plans/{draft}/draft/about", about).status_code == 303
    page = sendco.post(f"/plans/{draft}/draft/removal", old)
    assert page.status_code == 409
    assert "Somebody has changed this draft" in page.text
    assert 'name="version" value="2"' in page.text
    assert world.scalar("select count(*) from target where plan_id = %s", draft) == 2


@pytest.mark.parametrize("make", [shared_plan, agreed_plan, taken_back_plan])
def test_what_the_family_has_seen_is_never_discarded(world: World, make: Any) -> None:
    sendco, plan_id = world.browser(world.sendco), make(world, world.amara)
    assert "stays on record" in sendco.get(f"/plans/{plan_id}/draft/removal/new").text
    refused = sendco.post(f"/plans/{plan_id}/draft/removal", discarding(world, plan_id))
    assert refused.status_code == 409
    assert "so it stays on record. You can end it instead" in refused.text


@pytest.mark.parametrize(
    ("make", "who", "gone"),
    [(draft_plan, "sendco", 1), (draft_plan, "teacher", 0), (draft_plan, "head", 0), (taken_back_plan, "sendco", 0)],
)  # fmt: skip
def test_postgresql_itself_keeps_what_may_not_be_discarded(
    world: World, make: Any, who: str, gone: int
) -> None:
    plan_id = make(world, world.amara, world.sendco)
    with world.acting(world.sendco) as session:
        for table in ("plan_need", "target", "provision"):
            session.execute(text(f"delete from {table} where plan_id = :id"), {"id": plan_id})
    with world.acting(getattr(world, who)) as session:
        done = session.execute(text("delete from plan where id = :id"), {"id": plan_id})
        assert done.rowcount == gone  # type: ignore[attr-defined]


@pytest.mark.parametrize("forgets", ["status = 'draft', shared_at = null", "taken_back_at = null"])
def test_postgresql_never_forgets_that_a_family_was_shown_a_plan(world: World, forgets: str) -> None:
    plan_id = (taken_back_plan if "taken" in forgets else shared_plan)(world, world.amara)
    with world.acting(world.sendco) as session:
        session.execute(text(f"update plan set {forgets} where id = :id"), {"id": plan_id})
        for table in ("plan_need", "target", "provision"):
            session.execute(text(f"delete from {table} where plan_id = :id"), {"id": plan_id})
        done = session.execute(text("delete from plan where id = :id"), {"id": plan_id})
        assert done.rowcount == 0  # type: ignore[attr-defined]


def test_a_review_is_not_asked_for_after_the_end(world: World) -> None:
    late: dict[str, Any] = {"next_review_on": today() - timedelta(days=1)}
    plan_id, goes_on = agreed_plan(world, world.amara, **late), agreed_plan(world, world.idris, **late)
    world.browser(world.sendco).post(f"/plans/{plan_id}/end", ending(world, plan_id))
    with world.acting(world.sendco):
        assert [due.plan_id for due in reviews.list_due(today())] == [goes_on]
