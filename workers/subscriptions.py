"""What follows from what: one dictionary. An event that nobody waits for still has its line."""

from collections.abc import Callable
from typing import Any

from app.accounts.events import (
    CodeAsked,
    PasswordChanged,
    PasswordResetAsked,
    PersonInvited,
    RecoveryCodeUsed,
    SecondFactorReset,
)
from app.documents.events import DocumentChecked, DocumentShown, DocumentsOverdue, DocumentUploaded
from app.kernel.events import Event
from app.lss.events import LssRequestDecided, LssRequestSubmitted
from app.notifications.events import NotificationWritten
from app.panels.events import DecisionIssued, MeetingCalled, PanelItemOpened
from app.plans.events import (
    PlanAgreed,
    PlanChangesAsked,
    PlanEnded,
    PlanShared,
    PlanTakenBack,
    PlanVersionOpened,
    ReviewsDue,
)
from app.pupils.events import AccessChanged, GuardianInvited
from app.referrals.events import LinkMade, LinksRunningOut, ReferralAnswered, ReferralSent
from app.reviews.events import ReviewRecorded
from app.safeguarding.events import SafeguardingNoteWritten
from app.sharing.events import ConsentAnswered, ConsentAsked, ConsentsExpiring, ConsentWithdrawn, ShareStopped
from app.voice.events import FamilyViewGiven, PupilViewRecorded
from infrastructure import queue
from workers.errand import Errand
from workers.jobs import (
    accounts,
    documents,
    lss,
    notifications,
    panels,
    plans,
    referrals,
    reviews,
    safeguarding,
    sharing,
    voice,
)
from workers.jobs import pupils as pupil_jobs

Handler = Callable[[Any, Errand], None]

SUBSCRIPTIONS: dict[type[Event], tuple[Handler, ...]] = {
    NotificationWritten: (notifications.mail_notification,),
    CodeAsked: (accounts.send_code,),
    PersonInvited: (accounts.send_invitation,),
    PasswordResetAsked: (accounts.send_password_reset,),
    PasswordChanged: (accounts.tell_password_changed,),
    RecoveryCodeUsed: (accounts.tell_recovery_code_used,),
    SecondFactorReset: (accounts.tell_second_factor_reset,),
    DocumentUploaded: (documents.check_document,),
    DocumentChecked: (
        documents.discard_unchecked_copy,
        documents.tell_uploader_of_refusal,
        referrals.issue_report,
    ),
    DocumentShown: (documents.tell_family_of_document,),
    DocumentsOverdue: (documents.sweep_documents,),
    LssRequestSubmitted: (panels.open_panel_item,),
    PanelItemOpened: (panels.tell_panel_of_request,),
    MeetingCalled: (panels.tell_members_of_meeting,),
    SafeguardingNoteWritten: (safeguarding.tell_safeguarding_lead,),
    GuardianInvited: (pupil_jobs.tell_guardian_of_access,),
    AccessChanged: (pupil_jobs.tell_leads_of_access_change,),
    PlanVersionOpened: (),
    PlanShared: (plans.tell_family_of_plan,),
    PlanTakenBack: (),
    PlanAgreed: (plans.tell_school_of_agreement,),
    PlanChangesAsked: (plans.tell_school_of_changes_asked,),
    PlanEnded: (plans.tell_family_of_end, plans.tell_school_of_end),
    ReviewRecorded: (reviews.tell_family_of_review,),
    ReviewsDue: (reviews.remind_of_reviews,),
    ConsentAsked: (sharing.tell_guardians_of_ask,),
    ConsentAnswered: (
        sharing.tell_sendco_of_answer,
        sharing.tell_parent_of_answer_written_down,
        lss.follow_family_of_request,
        referrals.follow_family_of_referral,
    ),
    ConsentWithdrawn: (
        sharing.tell_sendco_of_withdrawal,
        sharing.tell_parent_of_answer_written_down,
        lss.follow_family_of_request,
        referrals.follow_family_of_referral,
    ),
    ShareStopped: (
        sharing.tell_panel_of_end,
        sharing.mail_agency_of_end,
        lss.end_request_of_share,
        referrals.end_referral_of_share,
    ),
    ConsentsExpiring: (sharing.tell_sendco_of_expiry,),
    PupilViewRecorded: (),
    FamilyViewGiven: (voice.tell_sendco_of_view,),
    DecisionIssued: (lss.take_in_decision,),
    LssRequestDecided: (lss.tell_of_decision,),
    ReferralSent: (referrals.make_link,),
    LinkMade: (referrals.mail_link,),
    LinksRunningOut: (referrals.close_links_past,),
    ReferralAnswered: (referrals.follow_agency, referrals.keep_report, referrals.tell_sendco_of_agency),
}

# Handlers that open files from outside run in a process of their own.
OPENS_FILES: tuple[Handler, ...] = (documents.check_document,)

HANDLERS: dict[str, Handler] = {
    handler.__name__: handler for group in SUBSCRIPTIONS.values() for handler in group
}
HANDLERS_OF: dict[str, tuple[str, ...]] = {
    event.__name__: tuple(handler.__name__ for handler in group) for event, group in SUBSCRIPTIONS.items()
}
QUEUE_OF: dict[str, str] = {handler.__name__: queue.FILES for handler in OPENS_FILES}
