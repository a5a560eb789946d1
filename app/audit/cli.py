"""The auditor's command."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import click
from flask.cli import AppGroup
from sqlalchemy import Connection

from app.audit.verify import verify

Connect = Callable[[], AbstractContextManager[Connection]]


def commands(connect: Connect) -> AppGroup:
    """`connect` opens a transaction as the auditor, who reads the audit and nothing else."""

    audit = AppGroup("audit", help="The audit trail.")

    @audit.command("verify")
    def verify_chain() -> None:
        """Count every seal of every organisation again."""
        with connect() as connection:
            verdicts = list(verify(connection))
        for verdict in verdicts:
            click.echo(str(verdict))
        if not verdicts:
            click.echo("Nothing has been sealed yet.")
        if any(verdict.broken is not None for verdict in verdicts):
            raise SystemExit(1)

    return audit
