"""Roles and database of a fresh cluster. Run once by an administrator; safe to run again."""

from collections.abc import Mapping

import psycopg
from psycopg import sql

AUDIENCES = ("send_school", "send_locality", "send_agency", "send_family", "send_system")
LOGINS = ("send_migrator", "send_web", "send_worker", "send_relay", "send_auditor", "send_backup")
MINIMUM_VERSION = 160000

# Who may become whom. INHERIT FALSE: a login owns nothing until it says, for one transaction, who it acts for.
BECOMES = {
    "send_migrator": ("send_owner",),
    "send_web": ("send_school", "send_locality", "send_agency", "send_family"),
    "send_worker": ("send_system",),
}


class ClusterTooOld(Exception):
    """PostgreSQL 16 is the oldest server whose membership options we rely on."""


def prepare(admin_url: str, database: str, passwords: Mapping[str, str]) -> None:
    """Create or repair roles and the database. `passwords` has one entry for each login role."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        # Roles belong to the whole cluster: two preparations at once would trip over each other.
        connection.execute("SELECT pg_advisory_lock(hashtext('send-cluster'))")
        if connection.info.server_version < MINIMUM_VERSION:
            raise ClusterTooOld(
                f"PostgreSQL 16 or newer is needed, this is {connection.info.server_version}."
            )
        for role in ("send_owner", *AUDIENCES):
            _ensure_role(connection, role, sql.SQL("NOLOGIN"))
        for role in LOGINS:
            secret = sql.SQL("LOGIN PASSWORD {}").format(sql.Literal(passwords[role]))
            _ensure_role(connection, role, secret)
        connection.execute("ALTER ROLE send_backup BYPASSRLS")  # pg_dump must see every row
        for login, roles in BECOMES.items():
            for role in roles:
                connection.execute(
                    sql.SQL("GRANT {} TO {} WITH INHERIT FALSE, SET TRUE, ADMIN FALSE").format(
                        sql.Identifier(role), sql.Identifier(login)
                    )
                )
        _ensure_database(connection, database)


def _ensure_role(connection: psycopg.Connection[object], role: str, options: sql.Composable) -> None:
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
    verb = sql.SQL("ALTER" if known else "CREATE")
    restricted = sql.SQL("NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION")
    connection.execute(sql.SQL("{} ROLE {} {} {}").format(verb, sql.Identifier(role), restricted, options))


def _ensure_database(connection: psycopg.Connection[object], database: str) -> None:
    name = sql.Identifier(database)
    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,)).fetchone():
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER send_owner").format(name))
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    logins = sql.SQL(", ").join(sql.Identifier(role) for role in LOGINS)
    connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, logins))
