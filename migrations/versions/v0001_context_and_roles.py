"""Schemas, the context functions that policies compare with, and who may use them."""

from alembic import op

revision = "0001"
down_revision = None

AUDIENCES = "send_school, send_locality, send_agency, send_family, send_system"


def upgrade() -> None:
    op.execute("revoke all on schema public from public")
    for schema in ("ctx", "door", "audit"):
        op.execute(f"create schema {schema}")
    op.execute(f"grant usage on schema public, ctx to {AUDIENCES}")
    op.execute("grant usage on schema door to send_web, send_worker, send_relay")
    op.execute("grant usage on schema public to send_relay, send_auditor, send_backup")
    op.execute("alter default privileges revoke execute on functions from public")
    # pg_dump reads every table and the place of every sequence, and changes nothing.
    op.execute("grant select on alembic_version to send_backup")
    for kind in ("tables", "sequences"):
        op.execute(f"alter default privileges in schema public grant select on {kind} to send_backup")
    for name, setting in (("tenant", "tenant_id"), ("person", "person_id"), ("scope", "scope_id")):
        # nullif: a finished transaction leaves '', not NULL.
        _context(name, "uuid", f"nullif(current_setting('app.{setting}', true), '')::uuid")
    _context("today", "date", "(now() at time zone 'Europe/London')::date")
    _context("roles", "text[]", "string_to_array(nullif(current_setting('app.roles', true), ''), ',')")
    _context("sees_records", "boolean", "coalesce(ctx.roles() && '{sendco,headteacher,dsl}', false)")
    _context(
        "sees_pupils", "boolean", "coalesce(ctx.roles() && '{sendco,headteacher,dsl,school_admin}', false)"
    )


def _context(name: str, returns: str, expression: str) -> None:
    op.execute(
        f"create function ctx.{name}() returns {returns} language sql stable parallel safe as $$ select {expression} $$"
    )
    op.execute(f"grant execute on function ctx.{name}() to {AUDIENCES}")


def downgrade() -> None:
    for kind in ("tables", "sequences"):
        op.execute(f"alter default privileges in schema public revoke select on {kind} from send_backup")
    for schema in ("audit", "door", "ctx"):
        op.execute(f"drop schema {schema} cascade")
