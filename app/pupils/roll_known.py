"""The roll as the school has it now: everybody, those who left too, in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.kernel.names import search_key
from app.pupils.upn import LETTERS
from infrastructure.database.door import db

_KNOWN = text("""
    select p.id, p.version, p.legal_surname, p.legal_forenames, p.preferred_forename, p.preferred_surname, p.born_on,
        p.year_group, k.name as class_name, p.sen_provision, p.left_on, u.upn, coalesce(n.codes, '{}') as needs,
        coalesce(c.contacts, '[]') as contacts, p.joined_on
    from pupil p
    left join school_class k on k.tenant_id = p.tenant_id and k.id = p.class_id and k.ended_on is null
    left join pupil_upn u on u.tenant_id = p.tenant_id and u.pupil_id = p.id
    left join (select tenant_id, pupil_id, array_agg(code order by rank) as codes from pupil_need
        group by tenant_id, pupil_id) n on n.tenant_id = p.tenant_id and n.pupil_id = p.id
    left join (select c.tenant_id, c.pupil_id, json_agg(json_build_object('id', c.id, 'name', c.name,
            'relationship', c.relationship, 'email', c.email, 'phone', c.phone, 'pr', c.parental_responsibility,
            'ended', c.ended_on is not null, 'linked', g.id is not null, 'priority', c.priority,
            'objects', c.id = any (array(select ctx.objectors())))
            order by c.priority, c.id) as contacts
        from contact c left join guardianship g on g.tenant_id = c.tenant_id and g.contact_id = c.id
        group by c.tenant_id, c.pupil_id) c on c.tenant_id = p.tenant_id and c.pupil_id = p.id
    order by p.sort_key, p.id""")


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownContact:
    """`linked`: somebody was invited to the family portal, so a file changes neither mailbox nor responsibility.

    `objects`: a no of theirs about sharing holds, so a file does not change their responsibility.
    """

    id: UUID
    name: str
    relationship: str = ""
    email: str | None = None
    phone: str | None = None
    pr: bool = False
    ended: bool = False
    linked: bool = False
    objects: bool = False
    priority: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPupil:
    id: UUID
    version: int = 1
    legal_surname: str
    legal_forenames: str
    preferred_forename: str
    preferred_surname: str | None = None
    born_on: date
    year_group: int
    class_name: str | None = None
    sen_provision: str = "N"
    left_on: date | None = None
    upn: str | None = None
    needs: Sequence[str] = ()
    contacts: Sequence[KnownContact] = ()
    joined_on: date | None = None

    @property
    def name(self) -> str:
        return f"{self.preferred_forename} {self.preferred_surname or self.legal_surname}"

    @property
    def surname_keys(self) -> set[str]:
        return {search_key(name) for name in (self.legal_surname, self.preferred_surname) if name}

    @property
    def forename_keys(self) -> set[str]:
        return {search_key(self.legal_forenames), search_key(self.preferred_forename)}

    @property
    def has_permanent_upn(self) -> bool:
        return self.upn is not None and self.upn[-1] not in LETTERS


def read_known() -> list[KnownPupil]:
    return [_known(row) for row in db.session.execute(_KNOWN).mappings()]


def _known(row: Any) -> KnownPupil:
    contacts = tuple(KnownContact(**{**found, "id": UUID(found["id"])}) for found in row["contacts"])
    return KnownPupil(**{**row, "needs": tuple(row["needs"]), "contacts": contacts})
