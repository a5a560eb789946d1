"""What leaves the school with a request: a first name, an initial, a year, and words. Never a number or an address."""

from typing import Any

from app.casework.story import targets
from app.lss.read import WORDS, RequestRead
from app.pupils.models import Pupil


def freeze(request: RequestRead, pupil: Pupil) -> dict[str, Any]:
    """The whole of it: the family is shown this, the head authorises this, the panel reads this."""
    return {
        "reference": request.reference,
        "kind": request.kind.value,
        "pupil": {"name": pupil.name_for_panel, "year_group": pupil.year_group},
        "school_name": request.school_name,
        **{name: getattr(request, name) for name in WORDS},
        "amount_pence": request.amount_pence,
        "terms": request.terms,
        "provision_cost_pence": request.cost_pence,
        "reviewed_cycles": request.cycles,
        "plan": targets(request.reviewed_targets),
        "documents": list(request.documents),
    }
