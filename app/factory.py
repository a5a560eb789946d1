"""The composition root: one small Flask app for each audience."""

from collections.abc import Callable

from flask import Flask, request
from flask_limiter import Limiter
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.utils import import_string

from app.composition import BLUEPRINTS, NAVIGATION, RECORD_CARDS, RECORD_TABS
from app.foundation import bare_app
from app.kernel.access import Audience
from app.web import access, errors, headers, lifecycle, record_cards, record_tabs, site
from app.web.cookies import session_token
from app.web.hosts import Hosts
from app.web.routes import web
from infrastructure import queue
from infrastructure.settings import Settings


def create_hosts(settings: Settings) -> Hosts:
    """Everything that serves the web, in one process."""
    apps = {audience: create_app(audience, settings) for audience in Audience}
    return Hosts(apps, settings.domain)


def create_app(audience: Audience, settings: Settings) -> Flask:
    """The pages of one audience. Refuses to start while a view does not say who may open it."""
    app = bare_app(settings)
    app.config |= {"AUDIENCE": audience, "NAVIGATION": NAVIGATION[audience], "NUDGE": _nudge(settings)}
    lifecycle.install(app)
    site.install(app)
    record_tabs.install(app, RECORD_TABS)
    record_cards.install(app, RECORD_CARDS)
    errors.install(app)
    headers.install(app)
    for blueprint in (web, *BLUEPRINTS[audience]):
        app.register_blueprint(blueprint)
    if settings.demo:
        # By name: the demo stands above this module, and outside it none of its code is even loaded.
        app.register_blueprint(import_string("app.demo.routes:demo"))
    _limit(app, settings)
    access.check_every_route(app)
    if settings.trusted_proxies:
        # Never the host: it decides whose data is served.
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    return app


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
