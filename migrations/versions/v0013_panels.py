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


def holds(*roles: str) -> str:
    return f"(select ctx.roles() && '{{{','.join(roles)}}}')"


CLERK = f"{OWN} and {holds('clerk')}"
PANEL = f"{OWN} and {holds('clerk', 'chair', 'vice_chair', 'member')}"
VOTERS = f"{OWN} and {holds('chair', 'vice_chair', 'member')}"
PRESIDERS = f"{OWN} and {holds('chair', 'vice_chair')}"
FINANCE = f"{OWN} and {holds('finance')}"
MONEY = f"{OWN} and {holds('finance', 'clerk', 'chair', 'vice_chair', 'area_send_lead')}"
# Everything of an item follows its share: recused means not there.
UNCONFLICTED = "not (share_id = any (array(select ctx.my_recusals())))"
# The inner SELECT passes through the share's own policy: withdrawn or expired means not there either.
LIVE = "share_id = any (array(select s.id from share s where s.guest_tenant_id = (select ctx.tenant())))"
SHARE = "foreign key (home_tenant_id, tenant_id, share_id) references share (tenant_id, guest_tenant_id, id)"
ITEM = "foreign key (tenant_id, item_id, share_id) references panel_item (tenant_id, id, share_id)"
ME = "(select ctx.person())"
# Rules that need the whole table around them bind everybody who holds INSERT: the panel. Rows that an operator
# restores come in the order of a dump.
BY_PANEL = f"when (current_user = '{LOCALITY}')"


def upgrade() -> None:
    _funds()
    _meetings()
    _items()
    _standing()
    _votes()
    _decisions()
    _instalments()
    _replies()
    # Whoever presides plans the instalments by the locality's terms; only the clerk changes them.
    allow("term", LOCALITY, "select", f"{OWN} and {holds('chair', 'vice_chair', 'finance')}", label="panel")


def _funds() -> None:
    table(
        "fund",
        """
        name text not null check (length(name) between 1 and 120),
        year text not null check (year ~ '^20[0-9]{2}-[0-9]{2}$'),
        balance_pence bigint not null default 0 constraint ck_fund_balance check (balance_pence >= 0),
        version int not null default 1,
        unique (tenant_id, name, year)""",
    )
    # No grant on the balance: what is left is the sum of the entries, so it is only known to whoever may see them all.
    allow("fund", LOCALITY, "select", MONEY, columns="tenant_id, id, name, year")
    allow("fund", LOCALITY, "insert", f"{FINANCE} and balance_pence = 0 and version = 1")
    allow("fund", SYSTEM, "select")
    owner_may("fund", "select, update")
    table(
        "fund_entry",
        """
        fund_id uuid not null,
        number int not null,
        kind text not null check (kind in ('opening', 'top_up', 'award', 'correction')),
        amount_pence bigint not null check (amount_pence <> 0),
        balance_after_pence bigint not null,
        decision_id uuid,
        home_tenant_id uuid references tenant (id),
        share_id uuid,
        corrects_id uuid,
        note text not null default '' check (length(note) <= 2000),
        person_id uuid not null references person (id),
        entered_at timestamptz not null default now(),
        unique (tenant_id, fund_id, number),
        unique (tenant_id, fund_id, id),
        check ((kind = 'award') = (decision_id is not null)),
        check (kind <> 'award' or (amount_pence < 0 and share_id is not null and home_tenant_id is not null)),
        check (kind not in ('opening', 'top_up') or (amount_pence > 0 and share_id is null)),
        check ((kind = 'correction') = (corrects_id is not null)),
        check (kind <> 'correction' or note <> ''),
        foreign key (tenant_id, fund_id) references fund (tenant_id, id),
        foreign key (tenant_id, fund_id, corrects_id) references fund_entry (tenant_id, fund_id, id)""",
    )
    op.execute(
        "create unique index uq_fund_entry_opening on fund_entry (tenant_id, fund_id) where kind = 'opening'"
    )
    # An award is of an item: a member with a conflict does not see what it came to, nor what it left behind. The
    # number keeps the ledger in order; a gap in it says that there is an entry, which the closed fund says too.
    allow(
        "fund_entry",
        LOCALITY,
        "select",
        f"{MONEY} and (share_id is null or {UNCONFLICTED})",
        columns="tenant_id, id, fund_id, number, kind, amount_pence, decision_id, home_tenant_id, share_id, "
        "corrects_id, note, person_id, entered_at",
    )
    _closed_funds()
    # Nobody writes an award by hand: deciding does (below), so no award is without its decision. A fund refuses to be
    # overdrawn, so whoever may take money out of it by halves finds out what it holds.
    closed = "fund_id = any (array(select ctx.closed_funds()))"
    allow(
        "fund_entry",
        LOCALITY,
        "insert",
        f"{FINANCE} and person_id = {ME} and kind <> 'award' and (amount_pence > 0 or not ({closed}))",
    )
    owner_may("fund_entry", "select, insert")
    insert_only("fund_entry")
    _ledger()
    for name in ("fund", "fund_entry"):
        audited(name)


def _closed_funds() -> None:
    # The funds whose sums would tell this person something that a conflict of interest keeps from them.
    definer(
        "ctx.closed_funds()",
        "setof uuid",
        """
        select distinct e.fund_id from fund_entry e where e.tenant_id = ctx.tenant()
            and e.share_id = any (array(select ctx.my_recusals()))""",
        callers=LOCALITY,
        language="sql",
    )
    op.execute("alter function ctx.closed_funds stable")


def _ledger() -> None:
    # Entries wait for each other here, so numbers have no gaps and each knows the balance it left behind. NO KEY:
    # the foreign keys of decisions hold a shared lock on the fund already, and a full lock would deadlock with it.
    definer(
        "audit.number_entry()",
        "trigger",
        """
        declare held fund;
        begin
            select * into held from fund where tenant_id = new.tenant_id and id = new.fund_id for no key update;
            if not found then raise exception 'no such fund' using errcode = 'foreign_key_violation'; end if;
            new.number := held.version;
            new.balance_after_pence := held.balance_pence + new.amount_pence;
            new.entered_at := now();
            if new.kind = 'correction' then
                select e.share_id, e.home_tenant_id into new.share_id, new.home_tenant_id from fund_entry e
                where e.tenant_id = new.tenant_id and e.id = new.corrects_id;
            end if;
            return new;
        end""",
        callers="",
    )
    op.execute(
        "create trigger number before insert on fund_entry for each row execute function audit.number_entry()"
    )
    # The only way to move a balance is to write down why: nobody holds UPDATE on a fund. After the insert, because
    # one that came to nothing (on conflict do nothing) must not move it.
    definer(
        "audit.move_balance()",
        "trigger",
        """
        begin
            update fund set balance_pence = balance_pence + new.amount_pence, version = version + 1
            where tenant_id = new.tenant_id and id = new.fund_id;
            return null;
        end""",
        callers="",
    )
    op.execute(
        "create trigger move after insert on fund_entry for each row execute function audit.move_balance()"
    )


def _meetings() -> None:
    table(
        "meeting",
        """
        title text not null check (length(title) between 1 and 200),
        held_at timestamptz not null,
        place text not null default '' check (length(place) <= 500),
        status text not null default 'planned' check (status in ('planned', 'pack_sent', 'held', 'closed', 'cancelled')),
        quorum int not null default 3 check (quorum >= 1),
        version int not null default 1""",
    )
    index("meeting", "held_at desc")
    allow("meeting", LOCALITY, "select", PANEL)
    allow("meeting", LOCALITY, "insert, update", CLERK)
    allow("meeting", SYSTEM, "select")
    owner_may("meeting", "select")
    table(
        "attendance",
        """
        meeting_id uuid not null,
        person_id uuid not null references person (id),
        recorded_by uuid not null references person (id),
        unique (tenant_id, meeting_id, person_id),
        foreign key (tenant_id, person_id) references membership (tenant_id, person_id),
        foreign key (tenant_id, meeting_id) references meeting (tenant_id, id)""",
    )
    allow("attendance", LOCALITY, "select", PANEL)
    # The clerk counts heads: whoever presides has an interest in the quorum.
    allow("attendance", LOCALITY, "insert", f"{CLERK} and recorded_by = {ME}")
    allow("attendance", LOCALITY, "delete", CLERK)
    owner_may("attendance", "select")
    for name in ("meeting", "attendance"):
        audited(name)


def _items() -> None:
    # A submitted request waits here for its meeting.
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
        check (status not in ('on_agenda', 'decided') or meeting_id is not null),
        foreign key (tenant_id, meeting_id) references meeting (tenant_id, id),
        {SHARE}""",
    )
    index("panel_item", "meeting_id, position")
    index("panel_item", "status, received_at")
    allow("panel_item", LOCALITY, "select", f"{PANEL} and {UNCONFLICTED}")
    # The clerk moves items about, whoever presides may only put one off: onto another agenda they might preside where
    # they should not. What was asked never changes, and only deciding makes it decided.
    movable = f"{OWN} and {UNCONFLICTED} and status in ('waiting', 'on_agenda', 'deferred')"
    allow(
        "panel_item",
        LOCALITY,
        "update",
        f"{movable} and {holds('clerk', 'chair', 'vice_chair')}",
        f"{movable} and ({holds('clerk')} or "
        f"({holds('chair', 'vice_chair')} and status = 'deferred' and meeting_id is null))",
        columns="meeting_id, position, status, version",
    )
    allow("panel_item", SYSTEM, "select, insert")
    owner_may("panel_item", "select, update")
    # A share that ends takes its item off the table, in the same transaction.
    definer(
        "audit.withdraw_item()",
        "trigger",
        """
        begin
            update panel_item set status = 'withdrawn', version = version + 1
            where tenant_id = new.guest_tenant_id and share_id = new.id
                and status in ('waiting', 'on_agenda', 'deferred');
            return null;
        end""",
        callers="",
    )
    op.execute(
        "create trigger withdraw_item after update of revoked_at on share for each row "
        "when (old.revoked_at is null and new.revoked_at is not null) execute function audit.withdraw_item()"
    )
    audited("panel_item")


def _standing() -> None:
    # How an item stands: who counts for its quorum and who presides. A definer, because members may not read why
    # others are recused; the answer is for those of the panel who are not.
    definer(
        "ctx.item_standing(p_item uuid)",
        "table (present int, quorum int, presiders uuid[], recused uuid[])",
        f"""
        with item as (
            select i.tenant_id, i.share_id, i.meeting_id from panel_item i where i.tenant_id = ctx.tenant()
                and i.id = p_item and {holds("clerk", "chair", "vice_chair", "member")}
                and not (i.share_id = any (array(select ctx.my_recusals())))),
        away as (
            select r.person_id from recusal r join item on r.tenant_id = item.tenant_id and r.share_id = item.share_id),
        here as (
            select m.person_id, m.roles from item
            join attendance a on a.tenant_id = item.tenant_id and a.meeting_id = item.meeting_id
            join membership m on m.tenant_id = a.tenant_id and m.person_id = a.person_id and m.status = 'active'
            where m.roles && '{{chair,vice_chair,member}}' and m.person_id not in (select person_id from away))
        select (select count(*)::int from here), g.quorum,
            coalesce((select array_agg(person_id) from here where 'chair' = any (roles)),
                (select array_agg(person_id) from here where 'vice_chair' = any (roles)), '{{}}'),
            array(select person_id from away)
        from item left join meeting g on g.tenant_id = item.tenant_id and g.id = item.meeting_id""",
        callers=LOCALITY,
        language="sql",
    )
    # What a recused member is told about an agenda: how many items it keeps from them, and nothing more.
    definer(
        "ctx.hidden_items(p_meeting uuid)",
        "int",
        f"""
        select count(*)::int from panel_item i where i.tenant_id = ctx.tenant() and i.meeting_id = p_meeting
            and {holds("clerk", "chair", "vice_chair", "member")}
            and i.share_id = any (array(select ctx.my_recusals()))""",
        callers=LOCALITY,
        language="sql",
    )
    # Enough or not, and no sum: for a presider whom a conflict of interest in another item keeps from the balance. Only
    # for what a school has asked for: a function that answered for any amount would be the balance in twenty questions.
    # Deciding answers too when it refuses an overdraft. That cannot be closed, but each yes is a decision in their name.
    definer(
        "ctx.funds_covering(p_item uuid)",
        "setof uuid",
        f"""
        select f.id from panel_item i join fund f on f.tenant_id = i.tenant_id and f.balance_pence >= i.amount_pence
        where i.tenant_id = ctx.tenant() and i.id = p_item and i.status = 'on_agenda' and {holds("chair", "vice_chair")}
            and not (i.share_id = any (array(select ctx.my_recusals())))""",
        callers=LOCALITY,
        language="sql",
    )
    for name in ("item_standing", "hidden_items", "funds_covering"):
        op.execute(f"alter function ctx.{name} stable")


def _votes() -> None:
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
        {ITEM},
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
        {ITEM},
        {SHARE}""",
    )
    index("panel_note", "item_id")
    for name in ("vote", "panel_note"):
        # Notes quote the papers, so they go when the papers go.
        allow(name, LOCALITY, "select", f"{PANEL} and {UNCONFLICTED} and {LIVE}")
        allow(name, LOCALITY, "insert", f"{VOTERS} and person_id = {ME} and {UNCONFLICTED} and {LIVE}")
        insert_only(name)
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
        conditions text not null default '' check (length(conditions) <= 10000),
        fund_id uuid,
        amount_pence int check (amount_pence > 0),
        terms int check (terms between 1 and 6),
        more_because text not null default '' check (length(more_because) <= 2000),
        present int not null,
        decided_by uuid not null references person (id),
        decided_at timestamptz not null default now(),
        unique (tenant_id, item_id),
        unique (tenant_id, id, share_id),
        check ((amount_pence is null) = (fund_id is null) and (amount_pence is null) = (terms is null)),
        check (amount_pence is null or outcome in ('agree', 'agree_in_part')),
        foreign key (tenant_id, meeting_id) references meeting (tenant_id, id),
        foreign key (tenant_id, fund_id) references fund (tenant_id, id),
        {ITEM},
        {SHARE}""",
    )
    op.execute(
        "alter table fund_entry add constraint fk_fund_entry_decision "
        "foreign key (tenant_id, decision_id, share_id) references decision (tenant_id, id, share_id)"
    )
    op.execute(
        "create unique index uq_fund_entry_award on fund_entry (tenant_id, decision_id) where kind = 'award'"
    )
    allow("decision", LOCALITY, "select", f"{PANEL} and {UNCONFLICTED}")
    allow("decision", LOCALITY, "insert", f"{PRESIDERS} and decided_by = {ME} and {UNCONFLICTED} and {LIVE}")
    allow("decision", SYSTEM, "select")
    owner_may("decision", "select")
    insert_only("decision")
    audited("decision")
    _deciding()
    _totals()


def _deciding() -> None:
    # The rules of the table hold whatever the pages do: on this agenda, quorate, by whoever presides.
    definer(
        "audit.check_decision()",
        "trigger",
        """
        declare item panel_item; standing record;
        begin
            select * into item from panel_item where tenant_id = new.tenant_id and id = new.item_id for no key update;
            if item.status is distinct from 'on_agenda' or item.meeting_id is distinct from new.meeting_id
                or not exists (select from meeting m where m.tenant_id = new.tenant_id and m.id = new.meeting_id
                    and m.status in ('planned', 'pack_sent'))
            then
                raise exception 'the item is not on this agenda' using errcode = 'check_violation';
            end if;
            select * into standing from ctx.item_standing(new.item_id);
            if standing.present is null or standing.present < standing.quorum then
                raise exception 'too few are present without a conflict' using errcode = 'check_violation';
            end if;
            if not (new.decided_by = any (standing.presiders)) then
                raise exception 'somebody else presides over this item' using errcode = 'check_violation';
            end if;
            if new.amount_pence > coalesce(item.amount_pence, 0) and new.more_because = '' then
                raise exception 'more than was asked needs a reason' using errcode = 'check_violation';
            end if;
            new.present := standing.present;
            new.decided_at := now();
            return new;
        end""",
        callers="",
    )
    op.execute(
        f"create trigger check_rules before insert on decision for each row {BY_PANEL} "
        "execute function audit.check_decision()"
    )
    # Deciding is one act: the item is done and the money has left the fund, or none of it happened.
    definer(
        "audit.carry_out_decision()",
        "trigger",
        """
        declare asked text;
        begin
            update panel_item set status = 'decided', version = version + 1
            where tenant_id = new.tenant_id and id = new.item_id returning reference into strict asked;
            if new.amount_pence is not null then
                insert into fund_entry (tenant_id, id, fund_id, kind, amount_pence, decision_id, home_tenant_id,
                    share_id, note, person_id)
                values (new.tenant_id, gen_random_uuid(), new.fund_id, 'award', -new.amount_pence, new.id,
                    new.home_tenant_id, new.share_id, asked, new.decided_by);
            end if;
            return null;
        end""",
        callers="",
    )
    op.execute(
        "create trigger carry_out after insert on decision for each row execute function audit.carry_out_decision()"
    )


def _totals() -> None:
    # All that the Area SEND Lead learns of requests. Fewer than five are nobody's statistic, and a request that they take
    # no part in is not in it: with the others known, the total would tell it.
    definer(
        "ctx.panel_totals()",
        "table (status text, items int, asked_pence bigint, awarded_pence bigint)",
        f"""
        select i.status, case when count(*) >= 5 then count(*)::int end,
            case when count(*) >= 5 then coalesce(sum(i.amount_pence), 0)::bigint end,
            case when count(*) >= 5 then coalesce(sum(d.amount_pence), 0)::bigint end
        from panel_item i left join decision d on d.tenant_id = i.tenant_id and d.item_id = i.id
        where i.tenant_id = ctx.tenant() and {holds("area_send_lead")}
            and not (i.share_id = any (array(select ctx.my_recusals())))
        group by i.status order by i.status""",
        callers=LOCALITY,
        language="sql",
    )
    op.execute("alter function ctx.panel_totals stable")


def _instalments() -> None:
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
    allow("instalment", LOCALITY, "select", f"{MONEY} and {UNCONFLICTED}")
    allow("instalment", LOCALITY, "insert", f"{PRESIDERS} and {UNCONFLICTED}")
    allow("instalment", SYSTEM, "select")
    owner_may("instalment", "select")
    insert_only("instalment")
    audited("instalment")
    # To the penny, and checked when the whole transaction is there to be checked.
    definer(
        "audit.check_instalments()",
        "trigger",
        """
        declare award decision; planned bigint; parts int;
        begin
            select * into award from decision where tenant_id = new.tenant_id
                and id = (to_jsonb(new) ->> tg_argv[0])::uuid;
            select coalesce(sum(amount_pence), 0), count(*) into planned, parts from instalment
            where tenant_id = award.tenant_id and decision_id = award.id;
            if planned <> coalesce(award.amount_pence, 0) or parts <> coalesce(award.terms, 0) then
                raise exception 'the instalments are not the award' using errcode = 'check_violation';
            end if;
            return null;
        end""",
        callers="",
    )
    for name, key in (("decision", "id"), ("instalment", "decision_id")):
        op.execute(
            f"create constraint trigger add_up after insert on {name} deferrable initially deferred "
            f"for each row {BY_PANEL} execute function audit.check_instalments('{key}')"
        )


def _replies() -> None:
    # What a school is told repeats what was decided: nobody issues a decision that was not made.
    definer(
        "audit.check_issue()",
        "trigger",
        """
        begin
            if not exists (
                select from decision d where d.tenant_id = new.tenant_id and d.share_id = new.share_id
                    and d.decided_by = new.person_id and d.outcome = new.content ->> 'outcome'
                    and d.amount_pence is not distinct from (new.content ->> 'amount_pence')::int)
            then
                raise exception 'no decision says this' using errcode = 'check_violation';
            end if;
            return new;
        end""",
        callers="",
    )
    op.execute(
        "create trigger check_issue before insert on reply for each row when (new.kind = 'decision' "
        f"and current_user in ('{LOCALITY}', '{SYSTEM}')) execute function audit.check_issue()"
    )
    op.execute("create unique index uq_reply_decision on reply (tenant_id, share_id) where kind = 'decision'")


def downgrade() -> None:
    op.execute("drop policy locality_select_panel on term")
    op.execute("drop index uq_reply_decision")
    for name, of in (("check_issue", "reply"), ("withdraw_item", "share")):
        op.execute(f"drop trigger {name} on {of}")
    for name in ("instalment", "decision", "panel_note", "vote", "attendance", "panel_item", "meeting", "fund_entry",
                 "fund"):  # fmt: skip
        op.execute(f"drop table {name} cascade")
    for name in ("ctx.item_standing", "ctx.hidden_items", "ctx.funds_covering", "ctx.closed_funds", "ctx.panel_totals",
                 "audit.withdraw_item", "audit.check_issue",
                 "audit.number_entry", "audit.move_balance", "audit.check_decision", "audit.carry_out_decision",
                 "audit.check_instalments"):  # fmt: skip
        op.execute(f"drop function {name}")
