"""Errands of referrals: make the link, mail it, follow what the family and the agency say."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import JSON, Row, column, insert, select, table

from app.accounts.queries import members_with
from app.casework import service as casework
from app.documents import queries as documents
from app.documents.events import DocumentChecked
from app.documents.models import Document
from app.documents.models import Status as Checked
from app.kernel import seals
from app.kernel.access import Role
from app.kernel.clock import london, now, today
from app.kernel.events import record
from app.kernel.ids import new_id
from app.notifications.letters import Letter
from app.notifications.service import tell
from app.referrals import queries
from app.referrals.events import LinkMade, LinksRunningOut, ReferralAnswered, ReferralSent
from app.referrals.models import Link
from app.sharing import queries as sharing
from app.sharing.events import ConsentAnswered, ConsentWithdrawn, ShareStopped
from app.web.cookies import hash_token
from infrastructure.database.door import db
from infrastructure.scanning.structure import KINDS
from tenants import registry
from workers.errand import Errand, GiveUp
from workers.jobs.sharing import mailbox_of, send

UNANSWERED, AFTER_ANSWER = timedelta(days=28), timedelta(days=14)
FACTS = ("title", "filename", "media_type", "size_bytes", "clean_key", "object_version")  # and sha256, as hex
ACCEPTED = {kind.media_type for kind in KINDS.values()}
ENDS_SOON = {"accepted", "declined", "report"}
LINES = (
    "{school} asks your service for help with a child.",
    "Open the link below to read the referral and to answer. We will send a code to this mailbox each time.",
    "The link works until {until}. You do not need an account.",
    "If you are not the right person, open the link and say so. We will tell the school.",
)
_share = table("share", column("tenant_id"), column("guest_tenant_id"), column("id"))
_reply = table(
    "reply",
    *map(column, ("tenant_id", "id", "share_id", "home_tenant_id", "kind", "person_id")),
    column("content", JSON),
    *map(column, ("author_name", "author_role", "issued_at")),
)


def make_link(event: ReferralSent, _: Errand) -> None:
    """Only a job may read where an agency takes its mail. Once for each sending."""
    referral = queries.find_referral_of_share(event.share_id)
    if referral is None or queries.find_open_link(event.share_id) is not None:
        return
    mailbox = mailbox_of(referral.agency_tenant_id)
    if mailbox is None:
        raise GiveUp
    share = sharing.load_share(event.share_id)
    link_id = new_id()
    db.session.add(
        Link(
            id=link_id,
            guest_tenant_id=share.guest_tenant_id,
            share_id=share.id,
            token_hash=hash_token(seals.token("link", link_id)),
            mailbox=mailbox,
            expires_on=min(today() + UNANSWERED, share.expires_on),
        )
    )
    record(LinkMade(link_id=link_id, share_id=share.id), share_id=share.id)


def mail_link(event: LinkMade, errand: Errand) -> None:
    """Not a word about the child, and of the school no more than its name."""
    link = db.session.scalar(select(Link).where(Link.id == event.link_id, Link.closed_at.is_(None)))
    school = registry.get_listing(errand.tenant_id)
    if link is None or school is None:
        return
    scheme, domain = current_app.config["SCHEME"], current_app.config["DOMAIN"]
    until = f"{link.expires_on.day} {link.expires_on:%B %Y}"
    letter = Letter(
        subject="A school has sent your service a referral",
        paragraphs=[line.format(school=school.name, until=until) for line in LINES],
        sender=school.name,
        link_text="Open the referral",
        link=f"{scheme}://agency.{domain}/r/{seals.token('link', link.id)}",
    )
    send(letter, link.mailbox, errand)


def close_links_past(_: LinksRunningOut, __: Errand) -> None:
    """They open nothing any more since midnight; the school hears of those that nobody answered."""
    for link, referral in queries.list_links_past(today()):
        link.close("ran_out", at=now())
        if link.answered_at is None:
            people = [member.person_id for member in members_with(Role.SENDCO)]
            path = f"/referrals/{referral.id}"
            tell(people, "link_ran_out", path, audience="school", pupil_id=referral.pupil_id)


def follow_family_of_referral(event: ConsentAnswered | ConsentWithdrawn, _: Errand) -> None:
    """Elsewhere than at home there is none."""
    casework.follow_family(queries.find_referral_of_ask(event.ask_id))


def end_referral_of_share(event: ShareStopped, _: Errand) -> None:
    """The school has stopped sharing from the page about sharing: the referral is with nobody any more."""
    casework.follow_share(queries.find_referral_of_share(event.share_id))


def follow_agency(event: ReferralAnswered, _: Errand) -> None:
    """What the referral says in the list, and how long its link still lives."""
    reply, referral = _find_reply(event.reply_id), queries.find_referral_of_share(event.share_id)
    if reply is None or referral is None:
        return
    referral.take_answer(reply.kind, {"kind": reply.kind, "at": reply.issued_at.isoformat(), **reply.content})
    link = queries.find_open_link(event.share_id)
    if link is not None and reply.kind in ENDS_SOON:
        until = london(reply.issued_at).date() + AFTER_ANSWER
        link.answer(at=now(), until=until)


def tell_sendco_of_agency(event: ReferralAnswered, _: Errand) -> None:
    """Every answer but a bare acknowledgement, which can wait for the next look."""
    reply, referral = _find_reply(event.reply_id), queries.find_referral_of_share(event.share_id)
    if reply is None or referral is None or reply.kind == "acknowledged":
        return
    kind = "report_arrived" if reply.kind == "report" else "referral_answered"
    people = [member.person_id for member in members_with(Role.SENDCO)]
    tell(people, kind, f"/referrals/{referral.id}", audience="school", pupil_id=referral.pupil_id)


def issue_report(event: DocumentChecked, _: Errand) -> None:
    """At the agency: a file that was found clean goes to the school, if it is still shared."""
    document = documents.find_document(event.document_id)
    if document is None or document.share_id is None or document.status is not Checked.CLEAN:
        return
    home_id = db.session.scalar(
        select(_share.c.tenant_id).where(
            _share.c.id == document.share_id, _share.c.guest_tenant_id == document.tenant_id
        )
    )
    if home_id is None or _find_reply(document.id) is not None:
        return
    reply = {
        "tenant_id": document.tenant_id,
        "id": document.id,  # one document is one report, however often this is tried
        "home_tenant_id": home_id,
        "share_id": document.share_id,
        "kind": "report",
        "content": _facts(document),
        "person_id": document.uploaded_by,
        "author_name": document.uploaded_by_name,
        "author_role": "",
        "issued_at": now(),
    }
    db.session.execute(insert(_reply).values(reply))
    event_home = ReferralAnswered(reply_id=document.id, share_id=document.share_id)
    record(event_home, to=[home_id], share_id=document.share_id)


def keep_report(event: ReferralAnswered, _: Errand) -> None:
    """At the school: the report becomes a document of the child, hidden from the family until the school shows it."""
    reply, referral = _find_reply(event.reply_id), queries.find_referral_of_share(event.share_id)
    if reply is None or referral is None or not _is_report(reply) or documents.find_document(reply.id):
        return
    db.session.add(
        Document(
            id=reply.id,
            pupil_id=referral.pupil_id,
            share_id=event.share_id,
            declared_type=reply.content["media_type"],
            status=Checked.CLEAN,
            quarantine_key="",
            uploaded_by_name=reply.author_name,
            completed_at=reply.issued_at,
            checked_at=now(),
            shown_to_family=False,
            sha256=bytes.fromhex(reply.content["sha256"]),
            **{name: reply.content[name] for name in FACTS},
        )
    )


def _is_report(reply: Row[Any]) -> bool:
    """Of a type that we accept, and the checked copy of this very file: a reply makes no other document ours."""
    place = f"{reply.tenant_id}/{reply.id}/{reply.content.get('sha256')}"
    return reply.content.get("clean_key") == place and reply.content.get("media_type") in ACCEPTED


def _facts(document: Document) -> dict[str, Any]:
    """What the school needs to open it."""
    assert document.sha256 is not None
    return {name: getattr(document, name) for name in FACTS} | {"sha256": document.sha256.hex()}


def _find_reply(reply_id: UUID) -> Row[Any] | None:
    return db.session.execute(select(_reply).where(_reply.c.id == reply_id)).first()
