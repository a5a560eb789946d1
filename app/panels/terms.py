"""The locality's term dates; where it keeps none, those that the partnership suggests."""

from app.kernel.calendar import Term
from app.settings import queries as settings
from app.settings.codes import suggested_term_dates


def list_terms() -> list[Term]:
    held = [term.as_term() for term in settings.list_terms()]
    return held or list(suggested_term_dates().terms)
