"""What an agency's link may ask at the door."""

from alembic import op

from migrations.isolation import definer, owner_may

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
