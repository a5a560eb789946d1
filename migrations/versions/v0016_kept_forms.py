"""What somebody typed while the session ran out: kept for a day, for nobody else, and waiting behind their next sign-in.

No audience may read or write the table. `door.keep_form` takes it from the holder of a session that ended by time alone;
a session that was signed out, here or from another device, keeps nothing. The other functions ask for a live session of
the same person at the same organisation, and for an agency of the same share.
"""

from alembic import op

from migrations.isolation import definer, owner_may, protect

revision = "0016"
down_revision = "0015"

# A session of the same person in the same place: a school's form never opens at another school.
SAME = """k.person_id = s.person_id and k.audience = s.audience and k.tenant_id is not distinct from s.tenant_id
    and k.scope_id is not distinct from s.scope_id and k.kept_at > now() - interval '1 day'"""
LIVE = "s.token_hash = p_token and s.ended_at is null and s.expires_at > now() and s.seen_at > now() - interval '30 minutes'"
MOST = 10  # for one person in one place; the oldest goes


def upgrade() -> None:
    op.execute("""
        create table kept_form (
            id uuid primary key,
            person_id uuid not null references person (id),
            audience text not null,
            tenant_id uuid references tenant (id),
            scope_id uuid,
            path text not null check (path like '/%' and length(path) <= 500),
            fields jsonb not null check (pg_column_size(fields) <= 400000),
            kept_at timestamptz not null default now())""")
    op.execute("create index ix_kept_form_person_id on kept_form (person_id, kept_at desc)")
    protect("kept_form")
    owner_may("kept_form", "select, insert, delete")
    # Counted for the badge in the header, wherever this person is signed in.
    op.execute("create index ix_notification_unread on notification (person_id) where read_at is null")
    owner_may("notification", "select")
    _door(
        "keep_form(p_id uuid, p_token bytea, p_audience text, p_slug text, p_path text, p_fields jsonb)",
        "boolean",
        f"""
        declare s session;
        begin
            select x.* into s from session x left join tenant t on t.id = x.tenant_id
            where x.token_hash = p_token and x.audience = p_audience and x.ended_at is null
                and greatest(x.seen_at, x.created_at) > now() - interval '1 day'
                and (x.audience in ('family', 'agency') or t.slug = p_slug);
            if s.id is null then return false; end if;
            insert into kept_form (id, person_id, audience, tenant_id, scope_id, path, fields)
            values (p_id, s.person_id, s.audience, s.tenant_id, s.scope_id, p_path, p_fields);
            delete from kept_form k where k.id in (
                select k.id from kept_form k where {SAME} order by k.kept_at desc, k.id desc offset {MOST});
            return true;
        end""",
    )
    _door(
        "find_kept_form(p_token bytea, p_id uuid)",
        "table (id uuid, path text, fields jsonb, kept_at timestamptz)",
        f"""begin return query select k.id, k.path, k.fields, k.kept_at from session s join kept_form k on {SAME}
            where {LIVE} and k.id = p_id; end""",
    )
    _door(
        "drop_kept_form(p_token bytea, p_id uuid)",
        "void",
        f"begin delete from kept_form k using session s where {LIVE} and {SAME} and k.id = p_id; end",
    )
    # Whoever shuts the other devices out, or takes a new password, may have had a visitor: nothing planted stays.
    _door(
        "drop_kept_forms(p_token bytea)",
        "void",
        f"begin delete from kept_form k using session s where {LIVE} and k.person_id = s.person_id; end",
    )
    op.execute("""
        create function audit.forget_kept_forms() returns trigger language plpgsql security definer
        set search_path = pg_catalog, public as $$
        begin delete from kept_form where person_id = new.person_id; return null; end $$""")
    op.execute("revoke all on function audit.forget_kept_forms from public")
    op.execute(
        "create trigger forget_kept_forms after update of password_hash on credential "
        "for each row execute function audit.forget_kept_forms()"
    )
    _door(
        "sweep_kept_forms()",
        "void",
        "begin delete from kept_form where kept_at < now() - interval '1 day'; end",
        callers="send_worker",
    )


def _door(signature: str, returns: str, body: str, callers: str = "send_web") -> None:
    definer(f"door.{signature}", returns, f"#variable_conflict use_column\n{body}", callers=callers)


def downgrade() -> None:
    op.execute("drop trigger forget_kept_forms on credential")
    op.execute("drop function audit.forget_kept_forms")
    for name in ("keep_form", "find_kept_form", "drop_kept_form", "drop_kept_forms", "sweep_kept_forms"):
        op.execute(f"drop function door.{name}")
    op.execute("drop policy owner_select on notification")
    op.execute("drop index ix_notification_unread")
    op.execute("drop table kept_form")
