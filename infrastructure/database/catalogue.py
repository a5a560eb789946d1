"""What the schema must look like for isolation to hold: asked of PostgreSQL itself, at start-up and in the tests."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, text

AUDIENCES = "'send_school', 'send_locality', 'send_agency', 'send_family', 'send_system'"
LOGINS = "'send_migrator', 'send_web', 'send_worker', 'send_relay', 'send_auditor', 'send_backup'"
# Tables whose rows belong to no single tenant, each with the reason.
GLOBAL = {
    "tenant": "the directory itself",
    "person": "one human across tenants",
    "credential": "door functions only",
    "recovery_code": "door functions only",
    "session": "door functions only; a family's has no tenant",
    "kept_form": "door functions only; a family's has no tenant",
    "attempt": "door functions only; keyed hashes, no tenant",
    "email_code": "door functions only; a stranger's has no tenant",
    "schedule_tick": "the clock of the whole service",
    "alembic_version": "the diary",
}
# Policies that say `true`, each with the reason.
OPEN = {
    "tenant": "a directory of organisations is public knowledge",
    "outbox_entry": "the relay carries every envelope; column grants keep it outside",
    "delivery": "the relay leases every delivery",
    "audit_entry": "the auditor reads every diary",
    "audit_seal": "the auditor reads every diary",
}


@dataclass(frozen=True, slots=True)
class Check:
    """A query that must return no rows. Each row's first column names what is wrong."""

    name: str
    query: str
    start_up: bool = False


_TABLES = """from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind in ('r', 'p')"""
_GLOBAL = ", ".join(f"'{name}'" for name in GLOBAL)
_KEYED = f"""from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relname not in ({_GLOBAL})"""
_FIRST = "(select a.attname from pg_attribute a where a.attrelid = {0} and a.attnum = ({1})[1])"

CHECKS: tuple[Check, ...] = (
    Check(
        "row security is on and forced on every table",
        f"select c.relname {_TABLES} and c.relname <> 'alembic_version' and not (c.relrowsecurity and c.relforcerowsecurity)",
        start_up=True,
    ),
    Check(
        "everything belongs to the owner",
        f"select c.relname {_TABLES} and pg_get_userbyid(c.relowner) <> 'send_owner'",
        start_up=True,
    ),
    Check(
        "every table of a tenant knows its tenant",
        f"""select c.relname {_TABLES} and c.relname not in ({_GLOBAL}) and not exists (select from pg_attribute a
            where a.attrelid = c.oid and a.attname = 'tenant_id' and a.attnotnull)""",
    ),
    Check(
        "primary keys start with the tenant",
        f"select c.relname {_KEYED} and k.contype = 'p' and {_FIRST.format('c.oid', 'k.conkey')} <> 'tenant_id'",
    ),
    Check(
        "unique constraints start with the tenant",
        f"select k.conname {_KEYED} and k.contype = 'u' and {_FIRST.format('c.oid', 'k.conkey')} <> 'tenant_id'",
    ),
    Check(
        "unique indexes start with the tenant",
        f"""select i.indexrelid::regclass::text from pg_index i join pg_class c on c.oid = i.indrelid
            join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and i.indisunique
            and c.relname not in ({_GLOBAL}) and i.indexrelid::regclass::text <> 'uq_link_token_hash'
            and {_FIRST.format("c.oid", "i.indkey::int2[]").replace("[1]", "[0]")} <> 'tenant_id'""",
    ),
    Check(
        "foreign keys between tenants' tables carry the tenant on both sides",
        f"""select k.conname {_KEYED} and k.contype = 'f'
            and (select relname from pg_class where oid = k.confrelid) not in ({_GLOBAL})
            and {_FIRST.format("k.confrelid", "k.confkey")} <> 'tenant_id'""",
    ),
    Check(
        "no policy says true without a reason",
        f"""select p.tablename || ': ' || p.policyname from pg_policies p where p.schemaname = 'public'
            and 'true' in (p.qual, p.with_check) and not 'send_owner' = any (p.roles)
            and p.tablename not in ({", ".join(f"'{name}'" for name in OPEN)})""",
    ),
    Check(
        "every policy names its audience",
        "select p.tablename || ': ' || p.policyname from pg_policies p where p.schemaname = 'public' and 'public' = any (p.roles)",
    ),
    Check(
        "policies call context functions once a statement, not once a row",
        r"""select p.tablename || ': ' || p.policyname from pg_policies p where p.schemaname = 'public'
            and regexp_replace(coalesce(p.qual, '') || coalesce(p.with_check, ''), 'SELECT \(*ctx\.\w+\(\)', '', 'g')
                ~ 'ctx\.(tenant|person|scope|today|roles|sees_records|sees_pupils)\(\)'""",
    ),
    Check(
        "no view, materialised view, rule or foreign table stands beside the policies",
        """select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
           where n.nspname = 'public' and c.relkind in ('v', 'm', 'f')""",
    ),
    Check(
        "functions that run as the owner pin their search path and are not for everybody",
        """select p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
           where n.nspname in ('public', 'ctx', 'door', 'audit') and p.prosecdef
             and (coalesce(array_to_string(p.proconfig, ','), '') not like '%search_path=pg_catalog, public%'
               or has_function_privilege('public', p.oid, 'execute'))""",
        start_up=True,
    ),
    Check(
        "only door and trigger functions, and the few that answer a count or a set, run as the owner",
        """select n.nspname || '.' || p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
           where p.prosecdef and n.nspname not in ('door', 'audit', 'pg_catalog', 'information_schema')
             and n.nspname || '.' || p.proname <> all ('{ctx.log_read,ctx.my_recusals,ctx.panel_totals,ctx.item_standing,ctx.hidden_items,ctx.closed_funds,ctx.funds_covering,ctx.objectors}'::text[])""",
    ),
    Check(
        "logins are ordinary and own nothing",
        f"""select r.rolname from pg_roles r where r.rolname in ({LOGINS}, {AUDIENCES}) and (r.rolsuper or r.rolcreaterole
            or r.rolcreatedb or r.rolreplication or r.rolinherit or (r.rolbypassrls and r.rolname <> 'send_backup')
            or exists (select from pg_class c where c.relowner = r.oid))""",
        start_up=True,
    ),
    Check(
        "web and worker touch no table until they are somebody",
        """select c.relname || ' ' || r.rolname from pg_class c join pg_namespace n on n.oid = c.relnamespace,
           pg_roles r where n.nspname = 'public' and c.relkind = 'r' and r.rolname in ('send_web', 'send_worker')
             and has_table_privilege(r.oid, c.oid, 'select, insert, update, delete')""",
        start_up=True,
    ),
    Check(
        "memberships are set, never inherited",
        f"""select pg_get_userbyid(m.member) || ' in ' || pg_get_userbyid(m.roleid) from pg_auth_members m
            where pg_get_userbyid(m.member) in ({LOGINS}, {AUDIENCES}) and (m.inherit_option or m.admin_option
            or (pg_get_userbyid(m.member), pg_get_userbyid(m.roleid)) not in (('send_migrator', 'send_owner'),
              ('send_web', 'send_school'), ('send_web', 'send_locality'), ('send_web', 'send_agency'),
              ('send_web', 'send_family'), ('send_worker', 'send_system')))""",
        start_up=True,
    ),
    Check(
        "nobody may truncate, reference or add triggers",
        f"""select c.relname || ' ' || r.rolname from pg_class c join pg_namespace n on n.oid = c.relnamespace,
            pg_roles r where n.nspname = 'public' and c.relkind = 'r' and r.rolname in ({LOGINS}, {AUDIENCES})
            and r.rolname <> 'send_backup' and has_table_privilege(r.oid, c.oid, 'truncate, references, trigger')""",
    ),
    Check(
        "nobody may make objects",
        f"""select r.rolname || ' in ' || n.nspname from pg_namespace n, pg_roles r
            where n.nspname in ('public', 'ctx', 'door', 'audit') and r.rolname in ({LOGINS}, {AUDIENCES})
            and has_schema_privilege(r.oid, n.oid, 'create')
            union all select r.rolname || ' temporary' from pg_roles r where r.rolname in ({LOGINS}, {AUDIENCES})
            and has_database_privilege(r.oid, current_database(), 'temporary, create')""",
    ),
    Check(
        "what is only ever added is never changed or removed",
        f"""select c.relname || ' ' || r.rolname from pg_trigger t join pg_class c on c.oid = t.tgrelid, pg_roles r
            where t.tgname = 'insert_only' and r.rolname in ({AUDIENCES})
            and (has_table_privilege(r.oid, c.oid, 'delete') or has_any_column_privilege(r.oid, c.oid, 'update'))""",
    ),
    Check(
        "an index leads with the tenant on every table of a tenant",
        f"""select c.relname {_TABLES} and c.relname not in ({_GLOBAL}) and not exists (select from pg_index i
            where i.indrelid = c.oid and {_FIRST.format("c.oid", "i.indkey::int2[]").replace("[1]", "[0]")} = 'tenant_id')""",
    ),
)


def problems(connection: Connection, *, start_up: bool = False) -> Iterator[str]:
    """One sentence for each thing that is not as it must be."""
    for check in CHECKS:
        if start_up and not check.start_up:
            continue
        for row in connection.execute(text(check.query)):
            yield f"{check.name}: {row[0]}"
