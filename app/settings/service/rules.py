"""What a locality can do with its rules."""

from dataclasses import dataclass

from sqlalchemy.orm.exc import StaleDataError

from app.kernel.access import Actor, authorise
from app.kernel.clock import now
from app.kernel.ids import new_id
from app.settings import policy, queries
from app.settings.models import LocalityRules
from app.settings.rules import Rules
from infrastructure.database.door import db


@dataclass(frozen=True, slots=True)
class NewRules:
    """`seen` is the number of the version that the form was filled from."""

    rules: Rules
    seen: int


def set_rules(actor: Actor, new: NewRules) -> None:
    """Write the next version; the old ones stay. Raises StaleDataError when somebody was faster."""
    authorise(actor, policy.can_set_rules)
    current = queries.current_rules()
    if current.number != new.seen:
        raise StaleDataError
    db.session.add(
        LocalityRules(
            id=new_id(),
            number=current.number + 1,
            rules=new.rules.as_json(),
            set_by=actor.person_id,
            set_at=now(),
        )
    )
