"""What leaves the school with a referral: the service must know whom it will see, so name and date of birth go too."""

from typing import Any

from app.pupils.models import Pupil
from app.referrals.read import WORDS, ReferralRead


def freeze(referral: ReferralRead, pupil: Pupil) -> dict[str, Any]:
    """The whole of it: the family is shown this, the service reads this."""
    return {
        "reference": referral.reference,
        "pupil": {
            "name": pupil.full_name,
            "born_on": pupil.born_on.isoformat(),
            "year_group": pupil.year_group,
        },
        "school_name": referral.school_name,
        **{name: getattr(referral, name) for name in WORDS},
        "documents": list(referral.documents),
    }
