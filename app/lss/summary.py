"""The requests of a pupil in short, for the overview of the record."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.casework import summary
from app.casework.summary import CaseInShort
from app.lss.models import LssRequest
from app.lss.read import KINDS, STATUSES


def column(pupil_id: UUID) -> Any:
    return summary.newest(LssRequest, LssRequest.kind, of=pupil_id)


def told(found: Sequence[Sequence[str]] | None) -> list[CaseInShort]:
    return summary.cases(found, STATUSES, KINDS)
