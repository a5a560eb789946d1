"""What every school, panel and agency has besides its cases: people on their way in, post, settings, kept answers."""

from datetime import UTC, datetime, timedelta

from psycopg.types.json import Jsonb

from tests.isolation.furnishing import Ids, message
from tests.world import Organisation, Somebody, World

HASH = b"h" * 32
LATER = datetime.now(UTC) + timedelta(days=60)


def open_offices(world: World) -> None:
    w = world
    places = {
        w.larkrise: (w.admin, w.teacher),
        w.millbrook: (w.other_admin, w.other_sendco),
        w.thornbeck: (w.clerk, w.member),
    }
    for place, (admin, member) in places.items():
        _door(w, place, admin, member)
    for place in (*places, w.ashmere):
        _post(w, place)
    for school, (admin, _) in places.items():
        if school.kind == "school":
            w.insert("roll_export", tenant_id=school.id, person_id=admin.id, pupils=3)
    w.insert("locality_rules", tenant_id=w.thornbeck.id, number=1, rules=Jsonb({"quorum": 3}))
    for child, school in ((w.amara, w.larkrise), (w.noor, w.millbrook)):
        for parent in (w.mother, w.father):
            message(w, school, parent, child)
    message(w, w.larkrise, w.head)
    _kept_answers(w)


NEWS_OF = {
    "school": ("ConsentAnswered", "NotificationWritten"),
    "locality": ("MeetingCalled", "NotificationWritten"),
    "agency": ("DocumentUploaded", "NotificationWritten"),
}


def _door(world: World, place: Organisation, admin: Somebody, member: Somebody) -> None:
    """Somebody invited, somebody who forgot the password, somebody who lost the phone, a parent with a code."""
    at: Ids = {"tenant_id": place.id}
    mark = place.id.bytes + member.id.bytes
    world.insert("password_reset", **at, person_id=member.id, token_hash=mark)
    world.insert("second_factor_reset", **at, person_id=member.id, reset_by=admin.id)
    world.insert(
        "invitation", **at, person_id=member.id, token_hash=mark, invited_by=admin.id, expires_at=LATER
    )
    code = {"purpose": "family", "subject": HASH, "code_hash": HASH}
    world.insert("email_code", **at, person_id=world.mother.id, **code)


def _post(world: World, place: Organisation) -> None:
    # News that pages may tell here, and news of errands: who may write which is tried with both.
    told, done = NEWS_OF[place.kind]
    envelope = {"for_tenant_id": place.id, "payload": Jsonb({})}
    entry = world.insert("outbox_entry", tenant_id=place.id, kind=told, **envelope)
    world.insert("outbox_entry", tenant_id=place.id, kind=done, **envelope)
    for state in ("done", "dead"):
        work = {"entry_id": entry, "handler": f"h {state}", "state": state}
        world.insert("delivery", tenant_id=place.id, author_tenant_id=place.id, **work)


def _kept_answers(world: World) -> None:
    """Of forms that were sent once: the only table whose rows have no id of their own."""
    w = world
    for place, person in (
        (w.larkrise, w.sendco),
        (w.larkrise, w.head),
        (w.larkrise, w.mother),
        (w.millbrook, w.mother),
        (w.thornbeck, w.clerk),
        (w.ashmere, w.professional),
    ):
        keep = "insert into idempotency_key (tenant_id, person_id, key, route, body_hash)"
        w.execute(f"{keep} values (%s, %s, gen_random_uuid(), '/', %s)", place.id, person.id, HASH)
