"""A family reads its messages: those of one bound child, while the link to that child is active."""

from alembic import op

from migrations.isolation import FAMILY, OF_MY_CHILD, allow

revision = "0015"
down_revision = "0014"

# A parent who was barred from one child may still open a sibling at the same school.
MINE = f"{OF_MY_CHILD} and person_id = (select ctx.person())"


def upgrade() -> None:
    allow("notification", FAMILY, "select", MINE)
    allow("notification", FAMILY, "update", MINE, columns="read_at")


def downgrade() -> None:
    for command in ("select", "update"):
        op.execute(f"drop policy family_{command} on notification")
    op.execute("revoke all on notification from send_family")
