"""The locality's fund and panel: meetings, agenda, votes, notes, decisions, instalments."""

from alembic import op

from migrations.isolation import (
    LOCALITY,
    OWN,
    SYSTEM,
    allow,
    audited,
    definer,
    index,
    insert_only,
    owner_may,
    table,
)

revision = "0013"
down_revision = "0012"

CLERK = f"{OWN} and (select ctx.roles() && '{{clerk}}')"
PANEL = f"{OWN} and (select ctx.roles() && '{{clerk,chair,vice_chair,member}}')"
# Everything of an item follows its share: recused means not there.
UNCONFLICTED = "not (share_id = any (array(select ctx.my_recusals())))"
SHARE = "foreign key (home_tenant_id, tenant_id, share_id) references share (tenant_id, guest_tenant_id, id)"


def upgrade() -> None:
    _funds()
    _meetings()
    _decisions()


def _funds() -> None:
    table(
        "fund",
        """
        name text not null,
        year text not null,
        balance_pence bigint not null default 0 check (balance_pence >= 0),
        version int not null default 1,
        unique (tenant_id, name, year)""",
    )
    allow("fund", LOCALITY, "select")
    allow(
        "fund", LOCALITY, "insert", f"{OWN} and balance_pence = 0 and (select ctx.roles() && '{{finance}}')"
    )
    allow("fund", SYSTEM, "select")
    owner_may("fund", "select, update")
    table(
        "fund_entry",
        """
        fund_id uuid not null,
        kind text not null check (kind in ('opening', 'top_up', 'award', 'correction')),
        amount_pence bigint not null check (amount_pence <> 0),
        decision_id uuid,
        corrects_id uuid,
        note text not null default '',
        person_id uuid not null references person (id),
        entered_at timestamptz not null default now(),
        check ((kind = 'award') = (decision_id is not null)),
        check (kind <> 'award' or amount_pence < 0),
        check (kind not in ('opening', 'top_up') or amount_pence > 0),
        check ((kind = 'correction') = (corrects_id is not null)),
        foreign key (tenant_id, fund_id) references fund (tenant_id, id),
        foreign key (tenant_id, corrects_id) references fund_entry (tenant_id, id)""",
    )
    index("fund_entry", "fund_id, entered_at")
    allow(
        "fund_entry",
        LOCALITY,
        "select",
        f"{OWN} and (select ctx.roles() && '{{finance,clerk,chair,vice_chair,area_send_lead}}')",
    )
    allow(
        "fund_entry",
        LOCALITY,
        "insert",
        f"{OWN} and person_id = (select ctx.person()) and "
        "case when kind = 'award' then (select ctx.roles() && '{chair,vice_chair}') "
        "else (select ctx.roles() && '{finance}') end",
    )
    insert_only("fund_entry")
    # The only way to move a balance is to write down why: nobody holds UPDATE on a fund.
    definer(
        "audit.move_balance()",
        "trigger",
        """
        begin
            update fund set balance_pence = balance_pence + new.amount_pence, version = version + 1
            where tenant_id = new.tenant_id and id = new.fund_id;
            if not found then raise exception 'no such fund' using errcode = 'foreign_key_violation'; end if;
            return null;
        end""",
        callers="",
    )
    op.execute(
        "create trigger move after insert on fund_entry for each row execute function audit.move_balance()"
    )
    for name in ("fund", "fund_entry"):
        audited(name)


def _meetings() -> None:
    table(
        "meeting",
        """
        title text not null,
        held_at timestamptz not null,
        place text not null default '',
        status text not null default 'planned' check (status in ('planned', 'pack_sent', 'held', 'closed', 'cancelled')),
        quorum int not null default 3 check (quorum >= 1),
        version int not null default 1""",
    )
    allow("meeting", LOCALITY, "select")
    allow("meeting", LOCALITY, "insert, update", CLERK)
    allow("meeting", SYSTEM, "select, update")
    # A submitted request waits here for its meeting. Statuses without content: the Area SEND Lead counts these.
    table(
        "panel_item",
        f"""
        home_tenant_id uuid not null,
        share_id uuid not null,
        meeting_id uuid,
        position int,
        reference text not null,
        kind text not null,
        amount_pence int,
        status text not null default 'waiting' check (status in ('waiting', 'on_agenda', 'decided', 'deferred', 'withdrawn')),
        received_at timestamptz not null default now(),
        version int not null default 1,
        unique (tenant_id, share_id),
        unique (tenant_id, id, share_id),
        foreign key (tenant_id, meeting_id) references meeting (tenant_id, id),
        {SHARE}""",
    )
    index("panel_item", "meeting_id, position")
    allow("panel_item", LOCALITY, "select", f"{OWN} and {UNCONFLICTED}")
    allow(
        "panel_item",
        LOCALITY,
        "update",
        f"{OWN} and (select ctx.roles() && '{{clerk,chair,vice_chair}}') and {UNCONFLICTED}",
    )
    allow("panel_item", SYSTEM, "select, insert, update")
    table(
        "attendance",
        """
        meeting_id uuid not null,
        person_id uuid not null references person (id),
        recorded_by uuid references person (id),
        unique (tenant_id, meeting_id, person_id),
        foreign key (tenant_id, meeting_id) references meeting (tenant_id, id)""",
    )
    allow("attendance", LOCALITY, "select")
    allow(
        "attendance",
        LOCALITY,
        "insert, delete",
        f"{OWN} and (select ctx.roles() && '{{clerk,chair,vice_chair}}')",
    )
    table(
        "vote",
        f"""
        home_tenant_id uuid not null,
        item_id uuid not null,
        share_id uuid not null,
        person_id uuid not null references person (id),
        choice text not null check (choice in ('agree', 'agree_in_part', 'more_information', 'decline', 'abstain')),
        voted_at timestamptz not null default now(),
        unique (tenant_id, item_id, person_id),
        foreign key (tenant_id, item_id, share_id) references panel_item (tenant_id, id, share_id),
        {SHARE}""",
    )
    table(
        "panel_note",
        f"""
        home_tenant_id uuid not null,
        item_id uuid not null,
        share_id uuid not null,
        person_id uuid not null references person (id),
        words text not null check (length(words) between 1 and 4000),
        written_at timestamptz not null default now(),
        foreign key (tenant_id, item_id, share_id) references panel_item (tenant_id, id, share_id),
        {SHARE}""",
    )
    voters = "{chair,vice_chair,member}"
    for name in ("vote", "panel_note"):
        allow(name, LOCALITY, "select", f"{PANEL} and {UNCONFLICTED}")
        allow(
            name,
            LOCALITY,
            "insert",
            f"{OWN} and person_id = (select ctx.person()) and {UNCONFLICTED} "
            f"and (select ctx.roles() && '{voters}')",
        )
        index(name, "item_id") if name == "panel_note" else None
        insert_only(name)
    for name in ("meeting", "panel_item", "attendance", "vote", "panel_note"):
        audited(name)


def _decisions() -> None:
    table(
        "decision",
        f"""
        home_tenant_id uuid not null,
        item_id uuid not null,
        share_id uuid not null,
        meeting_id uuid not null,
        outcome text not null check (outcome in ('agree', 'agree_in_part', 'more_information', 'decline')),
        reason text not null check (length(reason) between 1 and 10000),
        conditions text not null default '',
        fund_id uuid,
        amount_pence int check (amount_pence > 0),
        terms int check (terms between 1 and 6),
        present int not null,
        decided_by uuid not null references person (id),
        decided_at timestamptz not null default now(),
        unique (tenant_id, item_id),
        unique (tenant_id, id, share_id),
        check ((amount_pence is null) = (fund_id is null)),
        check (amount_pence is null or outcome in ('agree', 'agree_in_part')),
        foreign key (tenant_id, item_id, share_id) references panel_item (tenant_id, id, share_id),
        foreign key (tenant_id, meeting_id) references meeting (tenant_id, id),
        foreign key (tenant_id, fund_id) references fund (tenant_id, id),
        {SHARE}""",
    )
    op.execute(
        "alter table fund_entry add constraint fk_fund_entry_decision "
        "foreign key (tenant_id, decision_id) references decision (tenant_id, id)"
    )
    op.execute(
        "create unique index uq_fund_entry_decision_id on fund_entry (tenant_id, decision_id) "
        "where kind = 'award'"
    )
    allow("decision", LOCALITY, "select", f"{PANEL} and {UNCONFLICTED}")
    allow(
        "decision",
        LOCALITY,
        "insert",
        f"{OWN} and decided_by = (select ctx.person()) and {UNCONFLICTED} "
        "and (select ctx.roles() && '{chair,vice_chair}')",
    )
    allow("decision", SYSTEM, "select")
    insert_only("decision")
    table(
        "instalment",
        """
        decision_id uuid not null,
        share_id uuid not null,
        position int not null,
        term_name text not null,
        due_on date not null,
        amount_pence int not null check (amount_pence > 0),
        unique (tenant_id, decision_id, position),
        foreign key (tenant_id, decision_id, share_id) references decision (tenant_id, id, share_id)""",
    )
    money = "{finance,clerk,chair,vice_chair,area_send_lead}"
    allow("instalment", LOCALITY, "select", f"{OWN} and (select ctx.roles() && '{money}') and {UNCONFLICTED}")
    allow(
        "instalment",
        LOCALITY,
        "insert",
        f"{OWN} and (select ctx.roles() && '{{chair,vice_chair}}') and {UNCONFLICTED}",
    )
    allow("instalment", SYSTEM, "select")
    insert_only("instalment")
    for name in ("decision", "instalment"):
        audited(name)


def downgrade() -> None:
    for name in (
        "instalment",
        "decision",
        "panel_note",
        "vote",
        "attendance",
        "panel_item",
        "meeting",
        "fund_entry",
        "fund",
    ):
        op.execute(f"drop table {name} cascade")
