"""Documents: what was uploaded, where it stands, and where its checked copy lies."""

from alembic import op

from migrations.isolation import (
    AGENCY,
    FAMILY,
    IN_MY_SCHOOL,
    OF_MY_CHILD,
    OWN,
    SCHOOL,
    SYSTEM,
    allow,
    audited,
    index,
    table,
)

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    table(
        "document",
        """
        pupil_id uuid,
        share_id uuid,
        title text not null check (length(title) between 1 and 200),
        filename text not null check (length(filename) between 1 and 200),
        declared_type text not null,
        media_type text,
        size_bytes bigint check (size_bytes >= 0),
        sha256 bytea,
        status text not null default 'awaiting_upload'
            check (status in ('awaiting_upload', 'checking', 'clean', 'refused', 'abandoned')),
        problem text,
        quarantine_key text not null,
        clean_key text,
        object_version text,
        shown_to_family boolean not null default false,
        uploaded_by uuid references person (id),
        uploaded_by_name text not null default '',
        created_at timestamptz not null default now(),
        completed_at timestamptz,
        checked_at timestamptz,
        version int not null default 1,
        check (pupil_id is not null or share_id is not null),
        check ((status = 'clean') = (clean_key is not null and object_version is not null and sha256 is not null)),
        foreign key (tenant_id, pupil_id) references pupil (tenant_id, id)""",
    )
    index("document", "pupil_id, created_at desc")
    index("document", "created_at", where="status = 'awaiting_upload'")
    allow("document", SCHOOL, "select, insert, update", IN_MY_SCHOOL)
    allow("document", AGENCY, "select, insert, update", f"{OWN} and share_id = (select ctx.scope())")
    allow(
        "document",
        FAMILY,
        "select",
        f"{OF_MY_CHILD} and shown_to_family and status = 'clean'",
        columns="tenant_id, id, pupil_id, title, filename, media_type, size_bytes, status, clean_key, object_version, "
        "shown_to_family, checked_at",
    )
    allow("document", SYSTEM, "select, insert, update")
    audited("document")


def downgrade() -> None:
    op.execute("drop table document cascade")
