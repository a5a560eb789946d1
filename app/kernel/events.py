"""Something happened: written in the same transaction as the change, read later by whoever subscribes."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar, Self
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from infrastructure.database.door import Base, db
from tenants import context
from tenants.owned import TenantOwned


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Past tense. Ids only: never a name, never free text."""

    kinds: ClassVar[dict[str, type["Event"]]] = {}

    def __init_subclass__(cls, **_: Any) -> None:
        # slots=True makes each class twice; the second, with the slots, is the one to keep.
        Event.kinds[cls.__name__] = cls

    def payload(self) -> dict[str, str]:
        return {name: str(value) for name, value in asdict(self).items()}

    @classmethod
    def from_payload(cls, payload: dict[str, str]) -> Self:
        return cls(**{f.name: UUID(payload[f.name]) for f in fields(cls)})


class OutboxEntry(TenantOwned, Base):
    """An envelope. It lies in the author's tenant and may be addressed to another; the author cannot read it back."""

    __tablename__ = "outbox_entry"

    for_tenant_id: Mapped[UUID]
    kind: Mapped[str]
    payload: Mapped[dict[str, str]] = mapped_column(JSONB)
    person_id: Mapped[UUID | None]
    share_id: Mapped[UUID | None]


def record(event: Event, *, to: Iterable[UUID] = (), share_id: UUID | None = None) -> None:
    """Write the event in this transaction: one envelope for each tenant that should hear of it (default: our own).

    With `share_id` the post is stopped when that share is revoked before it was delivered.
    """
    acting = context.current()
    for tenant_id in tuple(to) or (context.tenant_id(),):
        db.session.add(
            OutboxEntry(
                for_tenant_id=tenant_id,
                kind=type(event).__name__,
                payload=event.payload(),
                person_id=acting.person_id,
                share_id=share_id,
            )
        )
    db.session.info["recorded"] = True
