"""The locality's term dates; where it keeps none, those that the partnership suggests."""

from sqlalchemy import text

from app.kernel.calendar import Term
from app.settings.codes import suggested_term_dates
from infrastructure.database.door import db

_TERMS = text("select name, starts_on, ends_on from term where tenant_id = ctx.tenant() order by starts_on")


def list_terms() -> list[Term]:
    held = [Term(row.name, row.starts_on, row.ends_on) for row in db.session.execute(_TERMS)]
    return held or list(suggested_term_dates().terms)
