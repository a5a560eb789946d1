"""Schools, localities and agencies: made, joined, paused; and the first admin of each invited."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import click
from flask.cli import AppGroup
from sqlalchemy import Connection

from app.accounts import addresses
from app.accounts.service import first_admin
from app.kernel import seals
from app.kernel.errors import DomainError
from app.operator.connections import MIGRATOR, connection, environment, needed
from infrastructure.settings import Settings, SettingsError
from tenants import provisioning
from tenants.provisioning import Refused
from tenants.registry import Kind

tenants = AppGroup("tenants", help="Organisations and their first admins.")


@tenants.command("create-locality")
@click.argument("slug")
@click.argument("name")
@click.option("--admin-name", required=True, help="The clerk who lets everybody else in.")
@click.option("--admin-email", required=True)
def create_locality(slug: str, name: str, admin_name: str, admin_email: str) -> None:
    """A locality at SLUG.DOMAIN, and an invitation for its clerk."""
    _create_with_admin(Kind.LOCALITY, slug, name, admin_name, admin_email)


@tenants.command("create-school")
@click.argument("slug")
@click.argument("name")
@click.option("--locality", help="The address of the locality that it joins.")
@click.option("--admin-name", required=True, help="The school admin who lets everybody else in.")
@click.option("--admin-email", required=True)
def create_school(slug: str, name: str, locality: str | None, admin_name: str, admin_email: str) -> None:
    """A school at SLUG.DOMAIN, and an invitation for its admin."""
    _create_with_admin(Kind.SCHOOL, slug, name, admin_name, admin_email, locality)


@tenants.command("create-agency")
@click.argument("slug")
@click.argument("name")
@click.option("--mailbox", required=True, help="Where links to referrals are sent.")
def create_agency(slug: str, name: str, mailbox: str) -> None:
    """An agency. Its people need no account: they answer through links in their mailbox."""
    email = _address(mailbox)
    with _door() as door:
        provisioning.create(door, Kind.AGENCY, slug, name, mailbox=email)
    click.echo(f"Created the agency {slug}.")


@tenants.command()
@click.argument("school")
@click.argument("locality")
def join(school: str, locality: str) -> None:
    """Put SCHOOL under LOCALITY."""
    with _door() as door:
        provisioning.join(door, school, locality)
    click.echo(f"{school} has joined {locality}.")


@tenants.command()
@click.argument("slug")
def suspend(slug: str) -> None:
    """Nobody can use SLUG until it is resumed. Nothing is deleted."""
    with _door() as door:
        provisioning.suspend(door, slug)
    click.echo(f"{slug} is suspended, and everybody there is signed out.")


@tenants.command()
@click.argument("slug")
def resume(slug: str) -> None:
    """Open SLUG again."""
    with _door() as door:
        provisioning.resume(door, slug)
    click.echo(f"{slug} is open again.")


@tenants.command("list")
def list_tenants() -> None:
    """Every organisation, and how many work there."""
    with _door() as door:
        for line in provisioning.list_all(door):
            under = f" in {line.locality}" if line.locality else ""
            paused = "" if line.status == "active" else f", {line.status}"
            people = "1 person" if line.members == 1 else f"{line.members} people"
            click.echo(f"{line.kind:9} {line.slug:24} {line.name}{under}, {people}{paused}")


@tenants.command("invite-admin")
@click.argument("slug")
@click.argument("name")
@click.argument("email")
def invite_admin(slug: str, name: str, email: str) -> None:
    """Invite the first admin of SLUG again, or another one, while it has none."""
    address = _address(email)
    with _door() as door:
        tenant_id = provisioning.find_id(door, slug)
    _invite(tenant_id, name, address)
    click.echo("The invitation is on its way. The link in it works for 7 days.")


def _create_with_admin(
    kind: Kind, slug: str, name: str, admin_name: str, admin_email: str, locality: str | None = None
) -> None:
    address = _address(admin_email)
    with _door() as door:
        tenant_id = provisioning.create(door, kind, slug, name)
        if locality:
            provisioning.join(door, slug, locality)
    _invite(tenant_id, admin_name, address)
    click.echo(f"Created the {kind} {slug}. An invitation is on its way to its first admin.")


def _invite(tenant_id: UUID, name: str, email: str) -> None:
    _install_key()
    try:
        first_admin.invite_first_admin(tenant_id, name, email)
    except DomainError as refusal:
        raise click.ClickException(refusal.sentence) from None


def _install_key() -> None:
    """The link in the mail is made again from the service's own key."""
    try:
        seals.install(Settings.from_environment(environment(), needs=()).secret_key)
    except SettingsError as problem:
        raise click.ClickException(str(problem)) from None


def _address(typed: str) -> str:
    if not addresses.is_address(typed):
        raise click.ClickException("Give an e-mail address in the correct format, like name@school.example.")
    return addresses.plain(typed)


@contextmanager
def _door() -> Iterator[Connection]:
    needed(MIGRATOR)
    try:
        with connection(MIGRATOR) as door:
            yield door
    except Refused as refusal:
        raise click.ClickException(refusal.sentence) from None
