"""What every row of a tenant has: the tenant first in its key, and keys to siblings only within the tenant."""

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from infrastructure.database.ids import new_id
from tenants import context

__all__ = ["TenantOwned", "within_tenant"]


class TenantOwned:
    """Mixin for models of a tenant. Both halves of the key are made here, so no INSERT needs RETURNING."""

    __mapper_args__: Any = {"eager_defaults": False}

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True, default=context.tenant_id, sort_order=-2)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, sort_order=-1)


def within_tenant(column: str, table: str, *also: str) -> ForeignKeyConstraint:
    """A foreign key that cannot leave the tenant: PostgreSQL checks foreign keys without row security."""
    theirs = ("id", *also)
    return ForeignKeyConstraint(
        ["tenant_id", column, *also], [f"{table}.{name}" for name in ("tenant_id", *theirs)]
    )
