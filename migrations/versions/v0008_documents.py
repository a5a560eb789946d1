"""Documents: what was uploaded, where it stands, and where its checked copy lies."""

from alembic import op

from migrations.isolation import (
    FAMILY,
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

# Teachers read about their own pupils; somebody who only assists reads plans, not papers.
READS = (
    f"{OWN} and ((select ctx.sees_records()) "
    "or ((select ctx.roles() && '{class_teacher}') and pupil_id = any (array(select ctx.caseload()))))"
)
BY_SENDCO = f"{OWN} and (select ctx.roles() && '{{sendco}}')"
# Whoever uploads signs it, and chooses neither where it lies nor what the check will say.
ANNOUNCED = (
    "status = 'awaiting_upload' and uploaded_by = (select ctx.person()) "
    "and quarantine_key = concat(tenant_id, '/', id)"
)


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
        check (not shown_to_family or status = 'clean'),
        foreign key (tenant_id, pupil_id) references pupil (tenant_id, id)""",
    )
    index("document", "pupil_id, created_at desc")
    index("document", "created_at", where="status = 'awaiting_upload'")
    allow("document", SCHOOL, "select", READS)
    allow("document", SCHOOL, "insert", f"{BY_SENDCO} and share_id is null and {ANNOUNCED}")
    # The web says that a file has arrived; only a job, which has looked into it, says that it is clean.
    allow("document", SCHOOL, "update", BY_SENDCO, columns="status, completed_at, shown_to_family, version")
    # An agency follows in version 12: it reads and sends documents of its share while that is live.
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
    op.execute("""
        create function audit.keep_document() returns trigger language plpgsql as $$
        begin
            if new.status <> old.status and (old.status, new.status) not in (
                ('awaiting_upload', 'checking'), ('awaiting_upload', 'abandoned'),
                ('checking', 'clean'), ('checking', 'refused')) then
                raise exception 'a document does not go back' using errcode = 'restrict_violation';
            end if;
            if (new.pupil_id, new.share_id, new.quarantine_key)
                is distinct from (old.pupil_id, old.share_id, old.quarantine_key) then
                raise exception 'a document stays where it was put' using errcode = 'restrict_violation';
            end if;
            if old.status in ('clean', 'refused', 'abandoned') and (to_jsonb(new) - 'shown_to_family' - 'version')
                is distinct from (to_jsonb(old) - 'shown_to_family' - 'version') then
                raise exception 'what was checked is never changed' using errcode = 'restrict_violation';
            end if;
            return null;
        end $$""")
    op.execute(
        "create trigger keep after update on document for each row execute function audit.keep_document()"
    )


def downgrade() -> None:
    op.execute("drop table document cascade")
    op.execute("drop function audit.keep_document")
