"""What there is to do before a referral is sent."""

from flask import url_for

from app.casework.tasks import CANNOT, DONE, NOT_YET, Row, is_agreed, of_evidence, of_family, row
from app.kernel.access import Actor, Role
from app.referrals.read import ReferralRead
from app.sharing.read import AskRead


def tasks(actor: Actor, found: ReferralRead, ask: AskRead | None) -> list[Row]:
    """The rows of the task list: the words, the evidence, the family, sending."""

    def page(view: str) -> str | None:
        return url_for(f"referrals.{view}", referral_id=found.id) if actor.has(Role.SENDCO) else None

    ask_page = url_for("sharing.show_ask", ask_id=found.ask_id) if found.ask_id else ""
    return [
        row("Write the referral", NOT_YET if found.missing else DONE, page("edit_words")),
        of_evidence(found, page("edit_evidence")),
        of_family(found, ask, ask_page=ask_page, new_ask=page("new_ask")),
        _sending(found, ask, page("new_sending")),
    ]


def _sending(found: ReferralRead, ask: AskRead | None, href: str | None) -> Row:
    title = f"Send it to {found.guest_name}"
    if not is_agreed(ask):
        return row(title, CANNOT, hint="When the family has agreed")
    return row(title, NOT_YET, href)
