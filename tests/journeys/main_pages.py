"""The main pages of each audience, with something on each of them: for tests of fit and for pictures."""

from dataclasses import dataclass
from uuid import UUID

from app.kernel.clock import today
from tests.builders import lss, panels, plans, pupils, referrals, sharing
from tests.builders.documents import clean_document
from tests.isolation.furnishing import furnisher
from tests.journeys.stage import Stage
from tests.journeys.visitor import Visitor
from tests.world import Somebody, World

OTHERS = (("Bodi", "Marsh"), ("Caleb", "Ferreira"), ("Elsie", "Thwaite"), ("Freya", "Lund"), ("Hamza", "Siddiq"),
    ("Iris", "Pettifer"), ("Jonah", "Wray"), ("Kezia", "Amponsah"), ("Mateusz", "Nowak"), ("Tilly", "Garside"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class MainPage:
    """A page and who opens it: nobody, or somebody signed in, a professional with one share."""

    name: str
    path: str
    who: Somebody | None = None
    share_id: UUID | None = None


def furnish(world: World) -> list[MainPage]:
    """All at once: the service that runs meanwhile must not act on half of it."""
    database = world.database
    with furnisher(database) as steady, steady.as_admin() as connection, connection.transaction():
        world.database = steady
        try:
            return _pages(world)
        finally:
            world.database = database


def _pages(world: World) -> list[MainPage]:
    """Amara is before the panel and with an agency, Idris's plan is a draft, Ilyas's request is with the family."""
    for _cycle in range(2):
        plans.reviewed_plan(world, world.amara)
    plan_id = plans.agreed_plan(world, world.amara)
    shared_plan = plans.shared_plan(world, world.noor, world.other_sendco)
    document_id = clean_document(world, world.amara, stored=False, shown=True)
    sent = referrals.sent_referral(world, world.amara)
    _fill_the_register(world)
    return [
        *_front(world, sent.path),
        *_record(world, plan_id, document_id),
        *_casework(world, sent.referral_id),
        *_other_staff(world),
        *_panel(world),
        *_family(world, shared_plan),
        *_agency(world, sent.share_id),
    ]


def open_page(stage: Stage, page: MainPage) -> Visitor:
    """In the window of whoever opens it."""
    visitor = stage.window_of(page.who, page.share_id)
    there = stage.address(page.who, page.path) if page.who else f"http:{page.path}"
    assert visitor.page.goto(there)
    return visitor


def _fill_the_register(world: World) -> None:
    born = today().replace(year=today().year - 8, day=1)
    for first, last in OTHERS:
        pupils.child(world, world.larkrise, first, last, born=born, class_id=world.class_4b, year_group=4)


def _front(world: World, link: str) -> list[MainPage]:
    front, agency, family = f"//{world.domain}", f"//agency.{world.domain}", f"//family.{world.domain}"
    return [
        MainPage("front", f"{front}/"),
        MainPage("front-schools", f"{front}/schools?words=lark"),
        MainPage("front-about-lss", f"{front}/locality-send-support"),
        MainPage("front-professionals", f"{front}/professionals"),
        MainPage("privacy", f"{front}/about/privacy"),
        MainPage("cookies", f"{front}/about/cookies"),
        MainPage("accessibility", f"{front}/about/accessibility"),
        MainPage("school-sign-in", f"//{world.larkrise.host}/sign-in"),
        MainPage("family-sign-in", f"{family}/sign-in"),
        MainPage("agency-home", f"{agency}/"),
        MainPage("agency-link-open", f"{agency}{link}"),
        MainPage("agency-code-empty", f"{agency}{link}/session/new"),
    ]


def _record(world: World, plan_id: UUID, document_id: UUID) -> list[MainPage]:
    """What the SENDCO sees of one child, and a draft in each of its parts."""
    amara = f"/pupils/{world.amara.id}"
    draft = f"/plans/{plans.draft_plan(world, world.idris, world.sendco)}"
    record = {
        "record": "", "record-plans": "/plans", "record-documents": "/documents", "record-views": "/views",
        "record-view-new": "/views/new", "record-sharing": "/sharing", "record-contacts": "/guardians",
        "record-document-new": "/documents/new", "record-plan-new": "/plans/new",
    }  # fmt: skip
    parts = {
        "draft": "/draft", "draft-about": "/draft/about", "draft-needs": "/draft/needs",
        "draft-dates": "/draft/dates", "draft-targets": "/targets", "draft-target": "/targets/new",
        "draft-provision": "/provision", "draft-line": "/provision/new", "draft-share": "/share/new",
    }  # fmt: skip
    others = {
        "desk": "/", "pupils": "/pupils", "plan-agreed": f"/plans/{plan_id}",
        "review-new": f"/plans/{plan_id}/review/new", "document-clean": f"/documents/{document_id}",
        "school": "/school", "classes": "/classes", "messages": "/messages", "sessions": "/sessions",
    }  # fmt: skip
    found = {name: amara + path for name, path in record.items()} | others
    found |= {name: draft + path for name, path in parts.items()}
    return [MainPage(name, path, world.sendco) for name, path in found.items()]


def _casework(world: World, referral_id: UUID) -> list[MainPage]:
    asked, ask_id = lss.asked_request(world, world.ilyas)
    draft = f"/lss/requests/{lss.draft_request(world, world.idris)}"
    found = {
        "lss-list": "/lss/requests", "lss-new": f"/pupils/{world.idris.id}/lss/new", "lss-draft": draft,
        "lss-wanted": f"{draft}/wanted", "lss-evidence": f"{draft}/evidence",
        "lss-with-family": f"/lss/requests/{asked}", "consent": f"/consents/{ask_id}",
        "consent-answer": f"/consents/{ask_id}/answers/new", "referral-list": "/referrals",
        "referral-open": f"/referrals/{referral_id}", "referral-write": f"/referrals/{referral_id}/words",
    }  # fmt: skip
    return [MainPage(name, path, world.sendco) for name, path in found.items()]


def _other_staff(world: World) -> list[MainPage]:
    amara = f"/pupils/{world.amara.id}"
    return [
        MainPage("head-desk", "/", world.head),
        MainPage("teacher-desk", "/", world.teacher),
        MainPage("teacher-record", amara, world.teacher),
        MainPage("dsl-notes", f"{amara}/safeguarding-notes", world.dsl),
        MainPage("dsl-note-new", f"{amara}/safeguarding-notes/new", world.dsl),
        MainPage("admin-desk", "/", world.admin),
        MainPage("admin-staff", "/staff", world.admin),
        MainPage("admin-staff-new", "/staff/new", world.admin),
        MainPage("admin-import", "/roll-imports/new", world.admin),
        MainPage("admin-record", amara, world.admin),
        MainPage("admin-terms", "/terms", world.admin),
    ]


def _panel(world: World) -> list[MainPage]:
    fund_id = panels.fund(world)
    meeting_id = panels.meeting(world, *panels.full_table(world))
    item = f"/items/{panels.item(world, meeting_id=meeting_id)}"
    panels.item(world, world.noor, meeting_id, amount_pence=None)
    meeting = f"/meetings/{meeting_id}"
    clerks = {
        "clerk-desk": "/", "meetings": "/meetings", "meeting-plan": "/meetings/new", "meeting": meeting,
        "meeting-present": f"{meeting}/attendance", "rules": "/rules", "rules-edit": "/rules/edit",
        "locality-people": "/staff",
    }  # fmt: skip
    members = {
        "member-desk": "/",
        "member-meeting": meeting,
        "member-item": item,
        "conflict": f"{item}/conflict",
    }
    return [
        *[MainPage(name, path, world.clerk) for name, path in clerks.items()],
        *[MainPage(name, path, world.member) for name, path in members.items()],
        MainPage("chair-decision", f"{item}/decision/new", world.chair),
        MainPage("area-lead-desk", "/", world.area_lead),
        MainPage("finance-desk", "/", world.finance),
        MainPage("finance-funds", "/funds", world.finance),
        MainPage("finance-ledger", f"/funds/{fund_id}", world.finance),
        MainPage("conflicted-meeting", meeting, world.conflicted_member),
    ]


def _family(world: World, shared_plan: UUID) -> list[MainPage]:
    child, other = (f"/children/{world.mother.links[name]}" for name in ("amara", "noor"))
    content = {"pupil": {"name": "Amara O"}, "why_now": "Amara finds it hard to say what she needs."}
    ask_id = sharing.asked(world, world.amara, world.ashmere, "referral", None, content)
    found = {
        "family": "/", "family-amara": child, "family-plan": f"{child}/plan", "family-views": f"{child}/views",
        "family-asks": f"{child}/consents", "family-ask": f"{child}/consents/{ask_id}",
        "family-papers": f"{child}/documents", "family-who-looked": f"{child}/readers",
        "family-messages": f"{child}/messages", "family-new-plan": f"{other}/plans/{shared_plan}",
    }  # fmt: skip
    return [MainPage(name, path, world.mother) for name, path in found.items()]


def _agency(world: World, share_id: UUID) -> list[MainPage]:
    found = {
        "guest-referral": "", "guest-accept": "/acceptance/new", "guest-decline": "/refusal/new",
        "guest-advice": "/advice/new", "guest-report": "/report/new", "guest-wrong": "/wrong-person/new",
    }  # fmt: skip
    return [MainPage(name, f"/referral{path}", world.professional, share_id) for name, path in found.items()]
