"""What happens to referrals."""

from dataclasses import dataclass
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralSent(Event):
    """Also when it is sent again. A job makes the link, because only a job may read the agency's mailbox."""

    referral_id: UUID
    share_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkMade(Event):
    """The link can be mailed. Its mail is stopped when the share is."""

    link_id: UUID
    share_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LinksRunningOut(Event):
    """The morning look at links that ended yesterday."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralAnswered(Event):
    """Addressed to the home school, which reads the reply on its share."""

    reply_id: UUID
    share_id: UUID
