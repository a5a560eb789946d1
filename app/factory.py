"""The composition root: one small Flask app for each audience, and one without pages for the workers."""

from collections.abc import Callable
from datetime import timedelta
from importlib.util import find_spec

from flask import Blueprint, Flask, request
from flask_limiter import Limiter
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.utils import import_string

from app.funds.policy import READERS as FUND_READERS
from app.kernel import seals
from app.kernel.access import Audience, Role
from app.panels.policy import PANEL
from app.web import access, errors, headers, lifecycle, record_tabs, site
from app.web.cookies import session_token
from app.web.hosts import Hosts
from app.web.navigation import NavigationItem
from app.web.record_tabs import RecordTab
from infrastructure import observability, queue
from infrastructure.adapters import open_adapters
from infrastructure.database.door import db
from infrastructure.settings import Settings

BLUEPRINTS: dict[Audience, tuple[str, ...]] = {
    Audience.FRONT: ("app.front_door.routes:front",),
    Audience.SCHOOL: (
        "app.school_desk.routes:desk",
        "app.accounts.routes.staff:accounts",
        "app.accounts.routes.admin:staff",
        "app.settings.routes.school:settings",
        "app.settings.routes.classes:classes",
        "app.settings.routes.terms:terms",
        "app.notifications.routes.staff:inbox",
        "app.pupils.routes.pupils:pupils",
        "app.pupils.routes.roll:roll",
        "app.pupils.routes.guardians:guardians",
        "app.pupils.routes.access:access_changes",
        "app.safeguarding.routes:safeguarding",
        "app.documents.routes.school:documents",
        "app.plans.routes.plans:plans",
        "app.plans.routes.drafts:drafts",
        "app.plans.routes.targets:targets",
        "app.plans.routes.provision:provision",
        "app.plans.routes.agreements:agreements",
        "app.reviews.routes:reviews",
        "app.voice.routes:voice",
        "app.sharing.routes:sharing",
        "app.lss.routes:lss",
        "app.referrals.routes:referrals",
    ),
    Audience.LOCALITY: (
        "app.locality_desk.routes:desk",
        "app.accounts.routes.staff:accounts",
        "app.accounts.routes.admin:staff",
        "app.settings.routes.locality:rules",
        "app.settings.routes.terms:terms",
        "app.notifications.routes.staff:inbox",
        "app.panels.routes.meetings:panels",
        "app.panels.routes.items:items",
        "app.funds.routes:funds",
    ),
    Audience.FAMILY: (
        "app.accounts.routes.family:accounts",
        "app.notifications.routes.family:inbox",
        "app.family_portal.routes:family",
    ),
    Audience.AGENCY: ("app.agency_portal.routes:agency",),
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
        NavigationItem("Messages", "inbox.list_notifications"),
    ),
    Audience.LOCALITY: (
        NavigationItem("Home", "desk.home"),
        NavigationItem("Meetings", "panels.list_meetings", frozenset(PANEL)),
        NavigationItem("Fund", "funds.list_funds", frozenset(FUND_READERS)),
        NavigationItem("Rules", "rules.show_rules", frozenset({Role.CLERK, Role.AREA_SEND_LEAD})),
        NavigationItem("People", "staff.list_staff", frozenset({Role.CLERK})),
        NavigationItem("Messages", "inbox.list_notifications"),
    ),
    Audience.FAMILY: (NavigationItem("My children", "family.home"),),
    Audience.AGENCY: (),
}


_ADULTS = frozenset({Role.SENDCO, Role.HEADTEACHER, Role.DSL, Role.SCHOOL_ADMIN})
_WITH_RECORDS = frozenset({Role.SENDCO, Role.HEADTEACHER, Role.DSL})
_WITH_CHILDREN = _WITH_RECORDS | {Role.CLASS_TEACHER, Role.TEACHING_ASSISTANT}
# The sections of a pupil's record, in the order in which people look for them.
RECORD_TABS: tuple[RecordTab, ...] = (
    RecordTab("Overview", "pupils.show_pupil"),
    RecordTab("Plans", "plans.list_plans", _WITH_CHILDREN, frozenset({"reviews"})),
    RecordTab("Documents", "documents.list_documents", _WITH_RECORDS | {Role.CLASS_TEACHER}),
    RecordTab("Views", "voice.list_views", _WITH_CHILDREN - {Role.TEACHING_ASSISTANT}),
    RecordTab("Sharing", "sharing.list_shares", _WITH_RECORDS),
    RecordTab("Contacts", "guardians.list_guardians", _ADULTS, frozenset({"access_changes"})),
    RecordTab("Safeguarding", "safeguarding.list_notes", frozenset({Role.DSL})),
)


def create_hosts(settings: Settings) -> Hosts:
    """Everything that serves the web, in one process."""
    apps = {audience: create_app(audience, settings) for audience in Audience}
    return Hosts(apps, settings.domain)


def create_app(audience: Audience, settings: Settings) -> Flask:
    """The pages of one audience. Refuses to start while a view does not say who may open it."""
    app = _bare_app(settings)
    app.config |= {"AUDIENCE": audience, "NAVIGATION": NAVIGATION[audience], "NUDGE": _nudge(settings)}
    lifecycle.install(app)
    site.install(app)
    record_tabs.install(app, RECORD_TABS)
    errors.install(app)
    headers.install(app)
    app.register_blueprint(import_string("app.web.routes:web"))
    for name in BLUEPRINTS[audience]:
        if _exists(name.split(":")[0]):
            blueprint: Blueprint = import_string(name)
            app.register_blueprint(blueprint)
    if settings.demo:
        app.register_blueprint(import_string("app.demo.routes:demo"))
    _limit(app, settings)
    access.check_every_route(app)
    if settings.trusted_proxies:
        # Never the host: it decides whose data is served.
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    return app


def create_worker_app(settings: Settings) -> Flask:
    """No pages: a session, adapters and the composition that jobs need."""
    return _bare_app(settings)


def _bare_app(settings: Settings) -> Flask:
    app = Flask("app", static_folder=None, template_folder=None)
    app.secret_key = settings.secret_key
    app.config |= {
        "SETTINGS": settings,
        "ADAPTERS": open_adapters(settings),
        "DEMO": settings.demo,
        "DOMAIN": settings.domain,
        "SCHEME": settings.scheme,
        "STORAGE_ORIGIN": settings.storage_origin,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SESSION_COOKIE_NAME": "__Host-notice",
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),
        "MAX_CONTENT_LENGTH": 2 * 1024 * 1024,
        "MAX_FORM_PARTS": 1_000,
        "REPORT": observability.report,
    }
    seals.install(settings.secret_key)
    db.init_app(app)
    return app


def _exists(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def _limit(app: Flask, settings: Settings) -> None:
    """A general ceiling for each session or address; sign-in attempts are counted in PostgreSQL."""

    def who() -> str:
        token = session_token()
        return token.hex()[:16] if token else request.remote_addr or "unknown"

    limiter = Limiter(
        who,
        app=app,
        default_limits=["900 per minute"],
        storage_uri=settings.redis_url or "memory://",
        key_prefix="t:limit",
        in_memory_fallback_enabled=True,  # Valkey may be gone; the service is not
        swallow_errors=True,
    )
    limiter.exempt(app.view_functions["web.healthz"])
    limiter.exempt(app.view_functions["web.static_file"])


def _nudge(settings: Settings) -> Callable[[], None] | None:
    if not settings.redis_url:
        return None
    connection = queue.open_redis(settings.redis_url)
    return lambda: queue.nudge(connection)
