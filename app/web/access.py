"""Who may open a page: each view declares its roles, and a view that declares nothing does not start."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast
from uuid import UUID

from flask import Flask, current_app, g, request
from flask_login import LoginManager, UserMixin, current_user

from app.kernel.access import Actor, Audience, Role
from app.kernel.errors import Forbidden
from app.web.cookies import session_token
from infrastructure.database import binding as bindings
from infrastructure.database import door
from tenants import context

V = TypeVar("V", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Access:
    """What a view declares. No roles and not open: anybody signed in to this audience."""

    roles: frozenset[Role]
    open: bool = False


_declared: dict[Callable[..., Any], Access] = {}


class SignedIn(UserMixin):  # type: ignore[misc]
    """The person behind a session, as Flask-Login knows them. Lives for one request."""

    def __init__(self, actor: Actor, row: Any) -> None:
        self.actor = actor
        self.row = row

    def get_id(self) -> str:
        return str(self.row.session_id)


def requires(*roles: Role) -> Callable[[V], V]:
    """Only people with one of these roles; with none given, anybody who is signed in here."""

    def declare(view: V) -> V:
        _declared[view] = Access(frozenset(roles))
        return view

    return declare


def open_to_all(view: V) -> V:
    """No session needed: sign-in, the front door, links that have been mailed."""
    _declared[view] = Access(frozenset(), open=True)
    return view


def access_of(app: Flask, endpoint: str) -> Access:
    access = _declared.get(app.view_functions[endpoint])
    if access is None:
        raise RuntimeError(f"{endpoint} does not say who may open it.")
    return access


def check_every_route(app: Flask) -> None:
    """Deny by default: refuse to start while any endpoint has not declared who may open it."""
    for endpoint in app.view_functions:
        access_of(app, endpoint)


def current_actor() -> Actor:
    """The actor of this request. Only for views that require a session."""
    return cast(Actor, current_user.actor)


def may_be_current_actor() -> Actor | None:
    return current_user.actor if current_user.is_authenticated else None


def install(app: Flask) -> None:
    manager = LoginManager()
    manager.session_protection = None  # the session is ours, in PostgreSQL; the cookie only points to it
    manager.init_app(app)
    manager.request_loader(_load)


def guard() -> None:
    """Runs before every view. Raises Forbidden, or asks to sign in."""
    if request.endpoint is None:
        return
    access = access_of(current_app, request.endpoint)
    if access.open:
        return
    if not current_user.is_authenticated:
        raise SignInNeeded
    if access.roles and not current_user.actor.has(*access.roles):
        raise Forbidden


class SignInNeeded(Exception):
    """The page needs a session and there is none. The edge leads to the sign-in page."""


def _load(_: Any) -> SignedIn | None:
    token = session_token()
    audience: Audience = current_app.config["AUDIENCE"]
    if token is None or audience is Audience.FRONT:
        return None
    child = (request.view_args or {}).get("child_id")
    binding = context.of_session(
        token,
        audience,
        g.slug,
        child=child if isinstance(child, UUID) else None,
        read_only=request.method in ("GET", "HEAD", "OPTIONS"),
    )
    bindings.assume(binding)
    if not door.begin(binding):
        bindings.assume(None)
        return None
    row = context.row_of_binding()
    return SignedIn(_actor(audience, row), row)


def _actor(audience: Audience, row: Any) -> Actor:
    roles: Sequence[str] = row.roles or ()
    return Actor(
        person_id=row.person_id,
        tenant_id=row.tenant_id,
        audience=audience,
        roles=frozenset(Role(role) for role in roles),
        name=row.person_name,
        scope_id=row.scope_id,
    )
