"""The same place with many rows where there was one: what a page costs must not depend on it."""

from uuid import UUID

from psycopg.types.json import Jsonb

from app.kernel.access import Audience, Role
from tests.builders.panels import full_table
from tests.isolation import furnishing
from tests.isolation.furnishing import Ids
from tests.isolation.ground import Ground
from tests.world import World

MANY = 20
COPY = """
    insert into {table} select made.* from generate_series(1, %s) n, {table} old,
    lateral jsonb_populate_record(old, jsonb_build_object({changes})) made where old.id = %s"""
ID = "'id', md5(n || random()::text)::uuid"


def crowd(ground: Ground) -> None:
    """Twenty more of everything that some page lists, by copying rows behind the service's back."""
    with furnishing.furnisher(ground.world.database) as steady:
        database, ground.world.database = ground.world.database, steady
        try:
            _crowd_school(ground.world, ground.own[Audience.SCHOOL])
            _crowd_child(ground.world, ground.own[Audience.SCHOOL])
            _crowd_panel(ground.world, ground.own[Audience.LOCALITY])
            _crowd_family(ground.world, ground.own[Audience.FAMILY])
            _crowd_agency(ground.world, ground.own[Audience.AGENCY])
        finally:
            ground.world.database = database


def copy(world: World, table: str, row: UUID, **changes: str) -> None:
    """`changes` are expressions of SQL; n counts the copies, old is the row."""
    listed = [ID, *(f"'{name}', {value}" for name, value in changes.items() if name != "id")]
    world.execute(COPY.format(table=table, changes=", ".join(listed)), MANY, row)


def _crowd_school(world: World, own: Ids) -> None:
    """More children, each with papers of their own; more classes, terms and staff."""
    w = world
    copy(w, "pupil", own["pupil_id"], sort_key="old.sort_key || n")
    children = w.rows("select id from pupil where tenant_id = %s and sort_key ~ '[0-9]$'", w.larkrise.id)
    for number, (child,) in enumerate(children):
        papers = {"pupil_id": f"'{child}'::uuid", "n": str(number)}
        for table, of in (("plan", "plan_id"), ("document", "document_id"), ("contact", "contact_id")):
            _copy_once(w, table, own[of], **papers)
        for table, of in (("lss_request", "request_id"), ("referral", "referral_id")):
            clear = {"ask_id": "null", "share_id": "null", "reference": f"old.reference || '-{number}'"}
            _copy_once(w, table, own[of], **papers, **clear)
        w.insert(
            "safeguarding_note",
            tenant_id=w.larkrise.id,
            pupil_id=child,
            written_by=w.dsl.id,
            happened_on="2026-09-01",
            words="A worry",
        )
    copy(w, "school_class", own["class_id"], name="old.name || n")
    copy(w, "term", own["term_id"], starts_on="old.starts_on + n * 400", ends_on="old.ends_on + n * 400")
    copy(w, "notification", own["notification_id"])
    for number in range(MANY):
        somebody = w._staff(f"Person {number}", w.larkrise, Role.TEACHING_ASSISTANT)
        w.insert("class_staff", tenant_id=w.larkrise.id, class_id=own["class_id"], person_id=somebody.id)
        w.session_of(w.sendco)


def _copy_once(world: World, table: str, row: UUID, **changes: str) -> None:
    changes.pop("n")
    listed = [ID, *(f"'{name}', {value}" for name, value in changes.items())]
    world.execute(COPY.format(table=table, changes=", ".join(listed)), 1, row)


def _crowd_child(world: World, own: Ids) -> None:
    """More of everything about one child."""
    w = world
    of = {"tenant_id": w.larkrise.id, "pupil_id": own["pupil_id"]}
    for table, row in (("document", "document_id"), ("contact", "contact_id")):
        copy(w, table, own[row])
    copy(w, "target", own["target_id"], position="old.position + 10 + n")
    copy(w, "provision", own["line_id"], position="old.position + 10 + n")
    copy(w, "lss_request", own["request_id"], reference="old.reference || 'x' || n", status="'withdrawn'")
    _crowd_cycles(w, own)
    for _ in range(MANY // 4):
        furnishing.agency(w, w.amara, w.mother)
    said = {
        "said_on": "2026-09-01",
        "method": "drawing",
        "words": "I like the pond",
        "recorded_by": w.sendco.id,
    }
    for number in range(MANY):
        w.insert("pupil_view", **of, **said, written_down_by="TA")
        w.insert("safeguarding_note", **of, written_by=w.dsl.id, happened_on="2026-09-01", words="A worry")
        link = w._guardian(f"Adult {number}", {"amara": w.amara}).links["amara"]
        w.insert(
            "family_view",
            **of,
            guardianship_id=link,
            said_by="Adult",
            method="phone",
            words="We read",
            recorded_by=w.sendco.id,
        )
        w.insert("read_log", **of, reader_name="Larkrise", role="SENDCO", what="plan")


def _crowd_cycles(world: World, own: Ids) -> None:
    """Plans of the past, each reviewed."""
    reviewed = world.scalar("select plan_id from review where id = %s", own["review_id"])
    copy(world, "plan", reviewed, number="old.number + 100 + n", status="'superseded'")
    plans = world.rows("select id from plan where pupil_id = %s and number > 100", own["pupil_id"])
    for (plan,) in plans:
        _copy_once(world, "review", own["review_id"], n="", plan_id=f"'{plan}'::uuid")


def _crowd_panel(world: World, own: Ids) -> None:
    w = world
    copy(w, "meeting", own["meeting_id"], held_at="old.held_at + n * interval '8 days'")
    copy(w, "term", own["term_id"], starts_on="old.starts_on + n * 400", ends_on="old.ends_on + n * 400")
    copy(w, "notification", own["notification_id"])
    copy(w, "fund", own["fund_id"], name="old.name || n")
    for _ in range(MANY):
        _copy_once(w, "fund_entry", own["entry_id"], n="", kind="'top_up'")
    item = {"tenant_id": w.thornbeck.id, "item_id": own["item_id"]}
    share = w.rows("select share_id, home_tenant_id from panel_item where id = %s", own["item_id"])[0]
    of = item | {"share_id": share.share_id, "home_tenant_id": share.home_tenant_id}
    for person in full_table(w):
        if person not in (w.chair, w.conflicted_member):
            w.insert("vote", **of, person_id=person.id, choice="agree")
            w.insert("panel_note", **of, person_id=person.id, words="Well evidenced")
    for number in range(MANY):
        w._staff(f"Panel {number}", w.thornbeck, Role.MEMBER)
        w.session_of(w.clerk)
    copy(w, "share_document", own["document_id"], title="old.title || n")
    for _ in range(MANY // 2):
        extra = furnishing.panel(w, w.ilyas, w.other_mother, w.member)
        w.execute(
            "update panel_item set meeting_id = %s, position = (select count(*) + 1 from panel_item p where p.meeting_id = %s) "
            "where id = %s",
            own["meeting_id"],
            own["meeting_id"],
            extra["item_id"],
        )


def _crowd_family(world: World, own: Ids) -> None:
    """One parent with many children, and many messages about each."""
    w = world
    link = own["child_id"]
    pupils = w.rows("select id from pupil where tenant_id = %s and sort_key ~ '[0-9]$'", w.larkrise.id)
    for (pupil,) in pupils:
        contact = w.scalar("select id from contact where pupil_id = %s limit 1", pupil)
        _copy_once(
            w, "guardianship", link, n="", pupil_id=f"'{pupil}'::uuid", contact_id=f"'{contact}'::uuid"
        )
    copy(w, "notification", own["notification_id"])
    for _ in range(MANY):
        w.session_of(w.mother)


def _crowd_agency(world: World, own: Ids) -> None:
    w = world
    copy(w, "share_document", own["document_id"], title="old.title || n")
    of = {"tenant_id": w.ashmere.id, "home_tenant_id": w.larkrise.id, "share_id": own["share_id"]}
    for _ in range(MANY):
        w.insert(
            "reply",
            **of,
            kind="question",
            content=Jsonb({"words": "When?"}),
            author_name="Maya Lind",
        )
