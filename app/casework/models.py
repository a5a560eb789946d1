"""A document of the child that goes with a request or a referral."""

from uuid import UUID

from sqlalchemy.orm import Mapped

from infrastructure.database.door import Base
from tenants.owned import TenantOwned, within_tenant


class Evidence(TenantOwned, Base):
    """Chosen while it is a draft. PostgreSQL refuses another child's document, and any change afterwards."""

    __tablename__ = "evidence"
    __table_args__ = (
        within_tenant("lss_request_id", "lss_request"),
        within_tenant("referral_id", "referral"),
        within_tenant("document_id", "document"),
    )

    lss_request_id: Mapped[UUID | None]
    referral_id: Mapped[UUID | None]
    document_id: Mapped[UUID]
