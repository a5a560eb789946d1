"""What pages and workers alike stand on: settings, adapters, the database. Workers have no pages, so load no more."""

from datetime import timedelta

from flask import Flask

from app.kernel import seals
from infrastructure import observability
from infrastructure.adapters import open_adapters
from infrastructure.database.door import db
from infrastructure.settings import Settings


def create_worker_app(settings: Settings) -> Flask:
    """No pages: a session, adapters and the composition that jobs need."""
    return bare_app(settings)


def bare_app(settings: Settings) -> Flask:
    app = Flask("app", static_folder=None, template_folder=None)
    app.secret_key = settings.secret_key
    app.config |= {
        "SETTINGS": settings,
        "ADAPTERS": open_adapters(settings),
        "SECRET_KEY_FALLBACKS": list(settings.previous_secret_keys),
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
    seals.install(settings.secret_key, settings.previous_secret_keys)
    db.init_app(app)
    return app
