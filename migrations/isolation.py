"""The words in which a version says who may touch a table and which of its rows."""

from alembic import op

SCHOOL, LOCALITY, AGENCY, FAMILY, SYSTEM = (
    "send_school",
    "send_locality",
    "send_agency",
    "send_family",
    "send_system",
)
OWN = "tenant_id = (select ctx.tenant())"
# A family's rows: one tenant is bound for each request, and only pupils of active guardianships pass.
OF_MY_CHILD = f"{OWN} and pupil_id = any (array(select ctx.my_children()))"
# Staff without a whole-school role see the pupils of their own classes.
IN_MY_SCHOOL = f"{OWN} and ((select ctx.sees_records()) or pupil_id = any (array(select ctx.caseload())))"


def table(name: str, body: str, *, owned: bool = True) -> None:
    """Create a table of a tenant. Its key and every key in `body` must start with tenant_id."""
    key = "tenant_id uuid not null references tenant (id), id uuid not null, primary key (tenant_id, id),"
    op.execute(f"create table {name} ({key if owned else ''} {body})")
    protect(name)


def protect(name: str) -> None:
    """Row security on, for the owner too. Until somebody is named, nobody sees anything."""
    op.execute(f"alter table {name} enable row level security")
    op.execute(f"alter table {name} force row level security")
    op.execute(f"revoke all on {name} from public")


def allow(
    name: str,
    audience: str,
    commands: str,
    using: str = OWN,
    check: str | None = None,
    *,
    columns: str = "",
    label: str = "",
) -> None:
    """Grant commands on a table to one audience, each with its own policy.

    `using` says which rows are seen or touched, `check` which rows may be written (default: the same).
    `columns` limits the grant to some columns; `label` tells a second policy of the same kind apart.
    """
    for command in (word.strip() for word in commands.split(",")):
        scope = f" ({columns})" if columns and command != "delete" else ""
        op.execute(f"grant {command}{scope} on {name} to {audience}")
        clauses = "" if command == "insert" else f" using ({using})"
        clauses += f" with check ({check or using})" if command in ("insert", "update") else ""
        policy = "_".join(filter(None, (audience.removeprefix("send_"), command, label)))
        op.execute(f"create policy {policy} on {name} for {command} to {audience}{clauses}")


def owner_may(name: str, commands: str, using: str = "true") -> None:
    """Door functions and triggers run as the owner; FORCE would make them silently do nothing."""
    for command in (word.strip() for word in commands.split(",")):
        clauses = "" if command == "insert" else f" using ({using})"
        clauses += f" with check ({using})" if command in ("insert", "update") else ""
        op.execute(f"create policy owner_{command} on {name} for {command} to send_owner{clauses}")


def audited(name: str) -> None:
    """Append each change of this table to the audit, in the same transaction."""
    op.execute(
        f"create trigger audited after insert or update or delete on {name} "
        "for each row execute function audit.append()"
    )


def insert_only(name: str) -> None:
    """Nobody changes or removes a row, not even by mistake of a grant. Corrections are new rows."""
    op.execute(
        f"create trigger insert_only before update or delete on {name} "
        "for each row execute function audit.refuse_change()"
    )


def index(name: str, columns: str, *, where: str = "", include: str = "", unique: bool = False) -> None:
    """A btree that leads with tenant_id, so that policies are index conditions."""
    label = columns.replace(" desc", "").replace(", ", "_").replace(",", "_")
    kind = "unique index uq" if unique else "index ix"
    tail = (f" include ({include})" if include else "") + (f" where {where}" if where else "")
    op.execute(f"create {kind}_{name}_{label} on {name} (tenant_id, {columns}){tail}")


def definer(signature: str, returns: str, body: str, *, callers: str, language: str = "plpgsql") -> None:
    """A function that runs as the owner, for named callers only, with a pinned search path."""
    op.execute(
        f"create function {signature} returns {returns} language {language} security definer "
        f"set search_path = pg_catalog, public as $body$ {body} $body$"
    )
    name = signature.split("(", maxsplit=1)[0]
    op.execute(f"revoke all on function {name} from public")
    if callers:
        op.execute(f"grant execute on function {name} to {callers}")
