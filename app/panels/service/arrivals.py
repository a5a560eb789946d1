"""What arrives at the panel by itself: a request that a school has handed over."""

from uuid import UUID

from sqlalchemy import text

from app.kernel.events import record
from app.kernel.ids import new_id
from app.panels.events import PanelItemOpened
from app.panels.snapshot import read_snapshot
from infrastructure.database.door import db

_SHARE = text("select tenant_id, content from share where id = :share and guest_tenant_id = ctx.tenant()")
_OPEN = text("""
    insert into panel_item (tenant_id, id, home_tenant_id, share_id, reference, kind, amount_pence)
    values (ctx.tenant(), :id, :home, :share, :reference, :kind, :amount) on conflict do nothing""")


def open_item(share_id: UUID) -> None:
    """An item for the share, once. A share that has ended meanwhile opens nothing."""
    share = db.session.execute(_SHARE, {"share": share_id}).first()
    if share is None:
        return
    asked, item_id = read_snapshot(share.content), new_id()
    values = {"reference": asked.reference or "Request", "kind": asked.kind, "amount": asked.amount_pence}
    opened = db.session.execute(_OPEN, {"id": item_id, "home": share.tenant_id, "share": share_id, **values})
    if opened.rowcount:  # type: ignore[attr-defined]
        record(PanelItemOpened(item_id=item_id))
