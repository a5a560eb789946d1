"""Roles and database of a fresh cluster. Run once by an administrator; safe to run again."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import LiteralString

import psycopg
from psycopg import sql

Connection = psycopg.Connection[tuple[object, ...]]

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
        if not _has(connection, "send_backup", "rolbypassrls"):  # pg_dump must see every row
            connection.execute("ALTER ROLE send_backup BYPASSRLS")
        for login, roles in BECOMES.items():
            for role in roles:
                connection.execute(
                    sql.SQL("GRANT {} TO {} WITH INHERIT FALSE, SET TRUE, ADMIN FALSE").format(
                        sql.Identifier(role), sql.Identifier(login)
                    )
                )
        with _rights_of_owner(connection):
            _ensure_database(connection, database)


def _ensure_role(connection: Connection, role: str, options: sql.Composable) -> None:
    """Takes away only what is there: an administrator who is no superuser may not even say NOSUPERUSER."""
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
    verb = sql.SQL("ALTER" if known else "CREATE")
    restricted = sql.SQL("NOINHERIT")
    if known and _has(connection, role, "rolsuper or rolcreatedb or rolcreaterole or rolreplication"):
        restricted = sql.SQL("NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION")
    connection.execute(sql.SQL("{} ROLE {} {} {}").format(verb, sql.Identifier(role), restricted, options))


def _has(connection: Connection, role: str, attributes: LiteralString) -> bool:
    question = sql.SQL("SELECT {} FROM pg_roles WHERE rolname = %s").format(sql.SQL(attributes))
    return bool(connection.execute(question, (role,)).fetchone() == (True,))


@contextmanager
def _rights_of_owner(connection: Connection) -> Iterator[None]:
    """For a moment: an administrator who is no superuser (a managed server) may make owners, but is none of them."""
    if connection.info.parameter_status("is_superuser") == "on":
        yield
        return
    connection.execute("GRANT send_owner TO CURRENT_USER WITH INHERIT TRUE, SET TRUE")
    try:
        yield
    finally:
        connection.execute("REVOKE send_owner FROM CURRENT_USER")


def _ensure_database(connection: Connection, database: str) -> None:
    name = sql.Identifier(database)
    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,)).fetchone():
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER send_owner").format(name))
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    logins = sql.SQL(", ").join(sql.Identifier(role) for role in LOGINS)
    connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, logins))
