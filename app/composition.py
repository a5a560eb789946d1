"""What each audience finds: its rooms, its navigation, and the sections of a pupil's record."""

from flask import Blueprint

from app.accounts.routes.admin import staff
from app.accounts.routes.family import accounts as family_accounts
from app.accounts.routes.staff import accounts as staff_accounts
from app.agency_portal.routes import agency
from app.casework.pages import casework
from app.documents.routes.school import documents
from app.family_portal.routes import family
from app.front_door.routes import front
from app.funds.policy import READERS as FUND_READERS
from app.funds.routes import funds
from app.kernel.access import RECORD_ROLES, Audience, Role
from app.locality_desk.routes import desk as locality_desk
from app.lss import summary as lss_summary
from app.lss.routes import lss
from app.notifications.routes.family import inbox as family_inbox
from app.notifications.routes.staff import inbox as staff_inbox
from app.panels.policy import PANEL
from app.panels.routes.items import items
from app.panels.routes.meetings import panels
from app.plans import summary as plan_summary
from app.plans.routes.agreements import agreements
from app.plans.routes.drafts import drafts
from app.plans.routes.plans import plans
from app.plans.routes.provision import provision
from app.plans.routes.targets import targets
from app.pupils.routes.access import access_changes
from app.pupils.routes.guardians import guardians
from app.pupils.routes.pupils import pupils
from app.pupils.routes.roll import roll
from app.referrals import summary as referral_summary
from app.referrals.routes import referrals
from app.reviews.routes import reviews
from app.safeguarding.routes import safeguarding
from app.school_desk.routes import desk as school_desk
from app.settings.routes.classes import classes
from app.settings.routes.locality import rules
from app.settings.routes.school import settings
from app.settings.routes.terms import terms
from app.sharing.routes import sharing
from app.voice.routes import voice
from app.web.navigation import NavigationItem
from app.web.record_cards import RecordCard
from app.web.record_tabs import RecordTab

BLUEPRINTS: dict[Audience, tuple[Blueprint, ...]] = {
    Audience.FRONT: (front,),
    Audience.SCHOOL: (
        school_desk,
        staff_accounts,
        staff,
        settings,
        classes,
        terms,
        staff_inbox,
        pupils,
        roll,
        guardians,
        access_changes,
        safeguarding,
        documents,
        plans,
        drafts,
        targets,
        provision,
        agreements,
        reviews,
        voice,
        sharing,
        casework,
        lss,
        referrals,
    ),
    Audience.LOCALITY: (
        locality_desk,
        staff_accounts,
        staff,
        rules,
        terms,
        staff_inbox,
        panels,
        items,
        funds,
    ),
    Audience.FAMILY: (
        family_accounts,
        family_inbox,
        family,
    ),
    Audience.AGENCY: (agency,),
}

NAVIGATION: dict[Audience, tuple[NavigationItem, ...]] = {
    Audience.FRONT: (),
    Audience.SCHOOL: (
        NavigationItem("Home", "desk.home"),
        NavigationItem("Pupils", "pupils.list_pupils"),
        NavigationItem("Requests", "lss.list_requests", frozenset({Role.SENDCO, Role.HEADTEACHER})),
        NavigationItem("Referrals", "referrals.list_referrals", frozenset({Role.SENDCO, Role.HEADTEACHER})),
        NavigationItem("Staff", "staff.list_staff", frozenset({Role.SCHOOL_ADMIN})),
        NavigationItem("Import", "roll.new_import", frozenset({Role.SCHOOL_ADMIN})),
        NavigationItem("School", "settings.show_school", frozenset({Role.SCHOOL_ADMIN, Role.SENDCO})),
        NavigationItem("Messages", "inbox.list_notifications", counts_unread=True),
    ),
    Audience.LOCALITY: (
        NavigationItem("Home", "desk.home"),
        NavigationItem("Meetings", "panels.list_meetings", frozenset(PANEL)),
        NavigationItem("Fund", "funds.list_funds", frozenset(FUND_READERS)),
        NavigationItem("Rules", "rules.show_rules", frozenset({Role.CLERK, Role.AREA_SEND_LEAD})),
        NavigationItem("People", "staff.list_staff", frozenset({Role.CLERK})),
        NavigationItem("Messages", "inbox.list_notifications", counts_unread=True),
    ),
    Audience.FAMILY: (NavigationItem("My children", "family.home"),),
    Audience.AGENCY: (),
}


_ADULTS = frozenset({Role.SENDCO, Role.HEADTEACHER, Role.DSL, Role.SCHOOL_ADMIN})
_WITH_CHILDREN = RECORD_ROLES | {Role.CLASS_TEACHER, Role.TEACHING_ASSISTANT}
_PLANNING = frozenset({"reviews", "drafts", "targets", "provision", "agreements"})
# The sections of a pupil's record, in the order in which people look for them.
RECORD_TABS: tuple[RecordTab, ...] = (
    RecordTab("Overview", "pupils.show_pupil"),
    RecordTab("Plans", "plans.list_plans", _WITH_CHILDREN, _PLANNING),
    RecordTab("Documents", "documents.list_documents", RECORD_ROLES | {Role.CLASS_TEACHER}),
    RecordTab("Views", "voice.list_views", _WITH_CHILDREN - {Role.TEACHING_ASSISTANT}),
    RecordTab("Sharing", "sharing.list_shares", RECORD_ROLES),
    RecordTab("Contacts", "guardians.list_guardians", _ADULTS, frozenset({"access_changes"})),
    RecordTab("Safeguarding", "safeguarding.list_notes", frozenset({Role.DSL})),
)
# What the overview of a record says first: the plan, then who else helps.
RECORD_CARDS: tuple[RecordCard, ...] = (
    RecordCard("plan", "plans/on_record.html", plan_summary.column, plan_summary.told, _WITH_CHILDREN),
    RecordCard("requests", "lss/on_record.html", lss_summary.column, lss_summary.told, RECORD_ROLES),
    RecordCard(
        "referrals", "referrals/on_record.html", referral_summary.column, referral_summary.told, RECORD_ROLES
    ),
)
