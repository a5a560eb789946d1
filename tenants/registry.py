"""The directory of organisations: schools, localities and agencies."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, select, text
from sqlalchemy.orm import Mapped, mapped_column

from infrastructure.database.door import Base, at_the_door, db


class Kind(StrEnum):
    SCHOOL = "school"
    LOCALITY = "locality"
    AGENCY = "agency"


class Tenant(Base):
    """An organisation with its own rows. Name and colour are the school's own; the rest is the operator's."""

    __tablename__ = "tenant"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    slug: Mapped[str]
    name: Mapped[str]
    colour: Mapped[str]
    locality_id: Mapped[UUID | None] = mapped_column(ForeignKey("tenant.id"))
    status: Mapped[str]


@dataclass(frozen=True, slots=True)
class Listing:
    """What anybody may know of an organisation."""

    id: UUID
    kind: str
    slug: str
    name: str
    colour: str


def at_address(slug: str) -> Listing | None:
    """The active school or locality with this address, asked at the door by somebody not signed in."""
    with at_the_door() as door:
        for kind in (Kind.SCHOOL, Kind.LOCALITY):
            row = door.execute(
                text("select * from door.find_tenant(:slug, :kind)"), {"slug": slug, "kind": kind}
            ).first()
            if row is not None:
                return Listing(*row)
    return None


def search_schools(words: str) -> list[tuple[str, str, str | None]]:
    """Schools whose name contains the words: address, name, locality. At most twenty."""
    with at_the_door() as door:
        rows = door.execute(
            text("select slug, name, locality from door.find_schools(:words)"), {"words": words}
        )
        return [tuple(row) for row in rows]


def list_agencies() -> list[Listing]:
    """The agencies that a school may refer to, by name."""
    columns = (Tenant.id, Tenant.kind, Tenant.slug, Tenant.name, Tenant.colour)
    rows = db.session.execute(
        select(*columns)
        .where(Tenant.kind == Kind.AGENCY, Tenant.status == "active")
        .order_by(Tenant.name, Tenant.id)
    )
    return [Listing(*row) for row in rows]


def get_listing(tenant_id: UUID) -> Listing | None:
    columns = (Tenant.id, Tenant.kind, Tenant.slug, Tenant.name, Tenant.colour)
    row = db.session.execute(select(*columns).where(Tenant.id == tenant_id)).first()
    return Listing(*row) if row else None


def locality_of(school_id: UUID) -> Listing | None:
    """The locality that a school has joined, or None."""
    locality_id = db.session.scalar(select(Tenant.locality_id).where(Tenant.id == school_id))
    return get_listing(locality_id) if locality_id else None
