"""The audit: appended by trigger, chained per tenant by a sealer, read only by the auditor; and the read log."""

from alembic import op

from migrations.isolation import (
    AGENCY,
    FAMILY,
    LOCALITY,
    OWN,
    SCHOOL,
    SYSTEM,
    allow,
    audited,
    definer,
    index,
    insert_only,
    owner_may,
    protect,
)

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute("""
        create function audit.refuse_change() returns trigger language plpgsql as $$
        begin raise exception 'rows of % are never changed', tg_table_name using errcode = 'restrict_violation'; end $$""")
    _entries()
    _seals()
    for name in ("membership", "tenant"):
        audited(name)


def _entries() -> None:
    op.execute("""
        create table audit_entry (
            tenant_id uuid not null references tenant (id),
            id bigint generated always as identity,
            at timestamptz not null default now(),
            person_id uuid,
            audience text not null,
            table_name text not null,
            row_id text not null,
            command text not null,
            changed text[] not null,
            digest bytea not null,
            xid bigint not null default pg_current_xact_id()::text::bigint,
            primary key (tenant_id, id))""")
    protect("audit_entry")
    index("audit_entry", "xid, id")
    owner_may("audit_entry", "select, insert")
    insert_only("audit_entry")
    # Names of changed columns and a digest of the row, never its values: the audit must not become
    # a second copy of what is restricted (a safeguarding note, a refuge address).
    definer(
        "audit.append()",
        "trigger",
        """
        declare
            fresh jsonb := case when tg_op = 'DELETE' then '{}' else to_jsonb(new) end;
            stale jsonb := case when tg_op = 'INSERT' then '{}' else to_jsonb(old) end;
            known jsonb := case when tg_op = 'DELETE' then stale else fresh end;
        begin
            insert into audit_entry (tenant_id, person_id, audience, table_name, row_id, command, changed, digest)
            values (coalesce(known ->> 'tenant_id', known ->> 'id')::uuid, ctx.person(),
                current_setting('role', true), tg_table_name, coalesce(known ->> 'id', ''), lower(tg_op),
                array(select k from jsonb_object_keys(known) k where fresh -> k is distinct from stale -> k order by k),
                sha256(convert_to(known::text, 'UTF8')));
            return null;
        end""",
        callers="",
    )


def _seals() -> None:
    op.execute("""
        create table audit_seal (
            tenant_id uuid not null references tenant (id),
            number int not null,
            from_xid bigint not null,
            to_xid bigint not null,
            entries int not null,
            hash bytea not null,
            sealed_at timestamptz not null default now(),
            primary key (tenant_id, number))""")
    protect("audit_seal")
    owner_may("audit_seal", "select, insert")
    insert_only("audit_seal")
    for name in ("audit_entry", "audit_seal"):
        op.execute(f"grant select on {name} to send_auditor")
        op.execute(f"create policy auditor_select on {name} for select to send_auditor using (true)")
    op.execute("grant select (id, slug, name) on tenant to send_auditor")
    op.execute("create policy auditor_select on tenant for select to send_auditor using (true)")
    # The hash of one stretch of the diary, chained to the one before.
    op.execute("""
        create function audit.chain(p_tenant uuid, p_from bigint, p_to bigint, p_previous bytea)
        returns table (entries int, hash bytea) language sql stable as $$
            select count(*)::int, sha256(coalesce(p_previous, ''::bytea) || convert_to(coalesce(string_agg(
                concat_ws('|', id, extract(epoch from at), person_id, audience, table_name, row_id, command,
                    array_to_string(changed, ','), encode(digest, 'hex'), xid), E'\\n' order by xid, id), ''), 'UTF8'))
            from audit_entry where tenant_id = p_tenant and xid >= p_from and xid < p_to $$""")
    op.execute("grant usage on schema audit to send_auditor")
    op.execute("grant execute on function audit.chain to send_auditor")
    # Only rows below the transaction horizon are sealed: nothing older can still appear.
    definer(
        "door.seal_audit()",
        "int",
        """
        declare horizon bigint := pg_snapshot_xmin(pg_current_snapshot())::text::bigint; sealed int := 0; t record;
        begin
            perform pg_advisory_xact_lock(hashtext('audit-seal'));
            for t in
                select n.id, coalesce(s.number, 0) as number, coalesce(s.to_xid, 0) as to_xid, s.hash
                from tenant n left join lateral (select * from audit_seal where tenant_id = n.id
                    order by number desc limit 1) s on true
                where exists (select from audit_entry e where e.tenant_id = n.id and e.xid >= coalesce(s.to_xid, 0)
                    and e.xid < horizon)
            loop
                insert into audit_seal (tenant_id, number, from_xid, to_xid, entries, hash)
                select t.id, t.number + 1, t.to_xid, horizon, c.entries, c.hash
                from audit.chain(t.id, t.to_xid, horizon, t.hash) c;
                sealed := sealed + 1;
            end loop;
            return sealed;
        end""",
        callers="send_worker",
    )


def downgrade() -> None:
    for name in ("audit_seal", "audit_entry"):
        op.execute(f"drop table {name} cascade")
    op.execute("drop function audit.append, audit.refuse_change, audit.chain, door.seal_audit cascade")
