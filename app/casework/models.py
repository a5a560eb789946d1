"""A document of the child that goes with a request or a referral."""

from uuid import UUID

from sqlalchemy.orm import Mapped

from infrastructure.database.door import Base
from tenants.owned import TenantOwned


class Evidence(TenantOwned, Base):
    """Chosen while it is a draft. PostgreSQL refuses another child's document, and any change afterwards."""

    __tablename__ = "evidence"

    lss_request_id: Mapped[UUID | None]
    referral_id: Mapped[UUID | None]
    document_id: Mapped[UUID]
