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
    # Each cluster counts transactions by itself: after a dump and restore the numbers begin again (ADR 7).
    op.execute("""
        create function audit.cluster() returns bigint language sql stable
        as 'select system_identifier from pg_control_system()'""")
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
            cluster bigint not null default audit.cluster(),
            xid bigint not null default pg_current_xact_id()::text::bigint,
            primary key (tenant_id, id))""")
    protect("audit_entry")
    index("audit_entry", "cluster, xid, id")
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
            cluster bigint not null,
            from_xid bigint not null,
            to_xid bigint not null,
            entries int not null,
            hash bytea not null,
            sealed_at timestamptz not null default now(),
            primary key (tenant_id, number))""")
    protect("audit_seal")
    index("audit_seal", "cluster, to_xid")
    owner_may("audit_seal", "select, insert")
    insert_only("audit_seal")
    for name in ("audit_entry", "audit_seal"):
        op.execute(f"grant select on {name} to send_auditor")
        op.execute(f"create policy auditor_select on {name} for select to send_auditor using (true)")
    op.execute("grant select (id, slug, name) on tenant to send_auditor")
    op.execute("create policy auditor_select on tenant for select to send_auditor using (true)")
    # The hash of one stretch of the diary, chained to the one before.
    op.execute("""
        create function audit.chain(p_tenant uuid, p_cluster bigint, p_from bigint, p_to bigint, p_previous bytea)
        returns table (entries int, hash bytea) language sql stable as $$
            select count(*)::int, sha256(coalesce(p_previous, ''::bytea) || convert_to(coalesce(string_agg(
                concat_ws('|', id, extract(epoch from at), person_id, audience, table_name, row_id, command,
                    array_to_string(changed, ','), encode(digest, 'hex'), cluster, xid), E'\\n' order by xid, id), ''), 'UTF8'))
            from audit_entry where tenant_id = p_tenant and cluster = p_cluster and xid >= p_from and xid < p_to $$""")
    op.execute("grant usage on schema audit to send_auditor")
    op.execute("grant execute on function audit.chain to send_auditor")
    # Only rows below the transaction horizon are sealed: nothing older can still appear. In a cluster that was left
    # nothing can appear at all: the rest of its rows is sealed first, and the chain goes on from the new one's zero.
    definer(
        "door.seal_audit()",
        "int",
        """
        declare
            horizon bigint := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
            here bigint := audit.cluster();
            sealed int := 0;
            t record;
        begin
            perform pg_advisory_xact_lock(hashtext('audit-seal'));
            for t in
                with recursive stretch (tenant_id, cluster) as (
                    select n.id, (select min(e.cluster) from audit_entry e where e.tenant_id = n.id) from tenant n
                    union all
                    select s.tenant_id, (select min(e.cluster) from audit_entry e
                        where e.tenant_id = s.tenant_id and e.cluster > s.cluster)
                    from stretch s where s.cluster is not null)
                select s.tenant_id, s.cluster, r.reached, u.until
                from stretch s
                cross join lateral (select coalesce(max(to_xid), 0) as reached from audit_seal
                    where tenant_id = s.tenant_id and cluster = s.cluster) r
                cross join lateral (select case when s.cluster = here then horizon else max(e.xid) + 1 end as until
                    from audit_entry e where e.tenant_id = s.tenant_id and e.cluster = s.cluster) u
                where exists (select from audit_entry e where e.tenant_id = s.tenant_id and e.cluster = s.cluster
                    and e.xid >= r.reached and e.xid < u.until)
                order by s.tenant_id, s.cluster = here
            loop
                insert into audit_seal (tenant_id, number, cluster, from_xid, to_xid, entries, hash)
                select t.tenant_id, coalesce(p.number, 0) + 1, t.cluster, t.reached, t.until, c.entries, c.hash
                from (select max(number) as number from audit_seal where tenant_id = t.tenant_id) l
                left join audit_seal p on p.tenant_id = t.tenant_id and p.number = l.number
                cross join lateral audit.chain(t.tenant_id, t.cluster, t.reached, t.until, p.hash) c;
                sealed := sealed + 1;
            end loop;
            return sealed;
        end""",
        callers="send_worker",
    )


def downgrade() -> None:
    for name in ("audit_seal", "audit_entry"):
        op.execute(f"drop table {name} cascade")
    op.execute(
        "drop function audit.append, audit.refuse_change, audit.chain, audit.cluster, door.seal_audit cascade"
    )
