"""Who acts, where and for whom: the statements that bind a transaction, and what they found."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text

from infrastructure.database import binding as bindings
from infrastructure.database.binding import Binding, NotBound

_SET = """
    set_config('role', s.role, true), set_config('app.tenant_id', coalesce(s.tenant_id::text, ''), true),
    set_config('app.person_id', coalesce(s.person_id::text, ''), true)"""
_SESSION = text(f"""
    select s.*, {_SET}, set_config('app.scope_id', coalesce(s.scope_id::text, ''), true),
        set_config('app.roles', coalesce(array_to_string(s.roles, ','), ''), true)
    from door.open_session(:token, :audience, :slug, :child) s""")
_DELIVERY = text(f"select s.*, {_SET} from door.open_delivery(:delivery, :attempt) s")
_TENANT = text(f"""
    select s.*, {_SET}, set_config('app.scope_id', coalesce(s.scope_id, ''), true),
        set_config('app.roles', s.roles, true)
    from (select cast(:tenant as uuid) as tenant_id, cast(:person as uuid) as person_id, cast(:role as text) as role,
        cast(:scope as text) as scope_id, cast(:roles as text) as roles) s""")


def of_session(
    token_hash: bytes, audience: str, slug: str | None, *, child: UUID | None = None, read_only: bool = False
) -> Binding:
    """A signed-in request: the session is resolved and bound in one statement."""
    return Binding(
        _SESSION, {"token": token_hash, "audience": audience, "slug": slug, "child": child}, read_only
    )


def of_delivery(delivery_id: UUID, attempt: int) -> Binding:
    """A job: acts in the addressee's tenant, in the name of whoever caused it, while it holds the delivery."""
    return Binding(_DELIVERY, {"delivery": delivery_id, "attempt": attempt})


def of_tenant(
    tenant_id: UUID,
    *,
    audience: str = "system",
    person_id: UUID | None = None,
    roles: tuple[str, ...] = (),
    scope_id: UUID | None = None,
) -> Binding:
    """One tenant for a command line, a seed or a test. The login decides which audiences it can become."""
    scope = str(scope_id) if scope_id else None
    return Binding(
        _TENANT,
        {
            "tenant": tenant_id,
            "person": person_id,
            "role": f"send_{audience}",
            "roles": ",".join(roles),
            "scope": scope,
        },
    )


@dataclass(frozen=True, slots=True)
class Bound:
    """What the current transaction acts as."""

    tenant_id: UUID | None
    person_id: UUID | None


def current() -> Bound:
    """Raises NotBound outside a bound unit of work."""
    row = row_of_binding()
    return Bound(row.tenant_id, row.person_id)


def tenant_id() -> UUID:
    found = current().tenant_id
    if found is None:
        raise NotBound
    return found


def row_of_binding() -> Any:
    binding = bindings.current()
    if binding is None or binding.row is None:
        raise NotBound
    return binding.row
