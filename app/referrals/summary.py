"""The referrals of a pupil in short, for the overview of the record."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.casework import summary
from app.casework.summary import CaseInShort
from app.referrals.models import Referral
from app.referrals.read import STATUSES
from tenants.registry import Tenant


def column(pupil_id: UUID) -> Any:
    return summary.newest(
        Referral, Tenant.name, (Tenant, Tenant.id == Referral.agency_tenant_id), of=pupil_id
    )


def told(found: Sequence[Sequence[str]] | None) -> list[CaseInShort]:
    return summary.cases(found, STATUSES)
