"""Who is let in to Amara's record and who is stopped: by pages, as people do it, and what PostgreSQL then shows them."""

from uuid import UUID

from sqlalchemy import text

from tests.world import Somebody, World

REASON = "Court order of 3 March 2026, seen by the headteacher."


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
