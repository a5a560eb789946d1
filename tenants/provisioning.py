"""Organisations come into being, join, pause and come back: by the operator, through door functions only."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, text

from infrastructure.database.ids import new_id
from tenants.registry import Kind
from tenants.resolution import RESERVED, may_be_slug

NAME_LENGTH = 120
_CREATE = text("select door.create_tenant(:id, :kind, :slug, :name, :mailbox, :person, :membership)")
_JOIN = text("select door.join_locality(:school, :locality)")
_STATUS = text("select door.set_tenant_status(:slug, :status)")
_FIND = text("select door.find_tenant_id(:slug)")
_LIST = text("select kind, slug, name, locality, status, members from door.list_tenants()")


class Refused(Exception):
    """It cannot be done like this. Carries a sentence for the operator."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Line:
    """An organisation as the operator sees it: how many work there, never who."""

    kind: str
    slug: str
    name: str
    locality: str | None
    status: str
    members: int


def create(door: Connection, kind: Kind, slug: str, name: str, *, mailbox: str | None = None) -> UUID:
    """An agency has a mailbox for referrals, which is also its one member. Raises Refused."""
    _check_address(slug)
    if not 1 <= len(name.strip()) <= NAME_LENGTH:
        raise Refused(f"Give a name of 1 to {NAME_LENGTH} characters.")
    if (mailbox is not None) != (kind is Kind.AGENCY):
        raise Refused("An agency, and nobody else, has a mailbox for referrals.")
    made = new_id()
    values = {"id": made, "kind": kind.value, "slug": slug, "name": name.strip(), "mailbox": mailbox}
    answer = door.scalar(_CREATE, values | {"person": new_id(), "membership": new_id()})
    if answer != "created":
        raise Refused(f"The address “{slug}” is taken. Choose another one.")
    return made


def join(door: Connection, school: str, locality: str) -> None:
    """Put a school under a locality: from now on it may ask that locality for help. Raises Refused."""
    answer = door.scalar(_JOIN, {"school": school, "locality": locality})
    if answer == "no locality":
        raise Refused(f"There is no locality with the address “{locality}”.")
    if answer == "no school":
        raise Refused(f"There is no school with the address “{school}”.")


def suspend(door: Connection, slug: str) -> None:
    """Nobody can sign in there any more, and whoever was signed in is not. Nothing is deleted."""
    _set_status(door, slug, "suspended")


def resume(door: Connection, slug: str) -> None:
    _set_status(door, slug, "active")


def find_id(door: Connection, slug: str) -> UUID:
    """Raises Refused."""
    found = door.scalar(_FIND, {"slug": slug})
    if found is None:
        raise Refused(f"There is no organisation with the address “{slug}”.")
    return UUID(str(found))


def list_all(door: Connection) -> list[Line]:
    return [Line(*row) for row in door.execute(_LIST)]


def _check_address(slug: str) -> None:
    if slug in RESERVED:
        raise Refused(f"The address “{slug}” is kept for the service itself. Choose another one.")
    if not may_be_slug(slug):
        raise Refused(
            "An address has 1 to 40 small letters, numbers and hyphens, and no hyphen at either end."
        )


def _set_status(door: Connection, slug: str, status: str) -> None:
    answer = door.scalar(_STATUS, {"slug": slug, "status": status})
    if answer == "unknown":
        raise Refused(f"There is no organisation with the address “{slug}”.")
    if answer == "already":
        raise Refused(f"“{slug}” is {status} already.")
