"""The plan in short, on the overview of the record."""

from app.kernel.clock import today
from tests.builders.plans import agreed_plan
from tests.world import World


def test_the_record_says_which_plan_ended_and_when(world: World) -> None:
    sendco, plan_id = world.browser(world.sendco), agreed_plan(world, world.amara)
    assert "No plan now" not in sendco.get(f"/pupils/{world.amara.id}").text
    on = {"ended_on-day": today().day, "ended_on-month": today().month, "ended_on-year": today().year}
    version = world.scalar("select version from plan where id = %s", plan_id)
    answers = {name: str(said) for name, said in on.items()}
    answers |= {"version": str(version), "ended_because": "She reads with everybody now."}
    sendco.post(f"/plans/{plan_id}/end", answers)
    page = sendco.get(f"/pupils/{world.amara.id}").text
    assert "No plan now." in page
    assert f'href="/plans/{plan_id}">Plan 1</a> ended on {today().day} {today():%B %Y}.' in page
    assert "No plan yet" not in page
