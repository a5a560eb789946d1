"""The post box: outbox, deliveries, notifications, schedule ticks and idempotency keys."""

from alembic import op

from migrations.isolation import (
    AGENCY,
    FAMILY,
    LOCALITY,
    OWN,
    SCHOOL,
    SYSTEM,
    allow,
    definer,
    index,
    owner_may,
    protect,
    table,
)

revision = "0004"
down_revision = "0003"

EVERYBODY = (SCHOOL, LOCALITY, AGENCY, FAMILY, SYSTEM)
# Who may write which news: exactly those whose pages (or, for the last, whose errands) have it to tell. What only a
# door function or the clock says ("your password was changed") is in no list: a mail about it can be trusted.
NEWS = {
    SCHOOL: (
        "AccessChanged", "ConsentAnswered", "ConsentAsked", "ConsentWithdrawn", "DocumentShown", "DocumentUploaded",
        "FamilyViewGiven", "GuardianInvited", "PersonInvited", "PlanAgreed", "PlanChangesAsked", "PlanEnded",
        "PlanShared", "PlanTakenBack", "PlanVersionOpened", "PupilViewRecorded", "ReferralSent", "ReviewRecorded",
        "SafeguardingNoteWritten", "SecondFactorReset", "ShareStopped",
    ),
    LOCALITY: ("MeetingCalled", "PersonInvited", "SecondFactorReset"),
    AGENCY: ("DocumentUploaded",),
    FAMILY: ("ConsentAnswered", "ConsentWithdrawn", "FamilyViewGiven", "PlanAgreed", "PlanChangesAsked"),
    SYSTEM: (
        "DocumentChecked", "DocumentUploaded", "LinkMade", "LssRequestDecided", "NotificationWritten", "PanelItemOpened",
    ),
}  # fmt: skip
# The same for the other end of a share.
NEWS_ACROSS = {
    SCHOOL: ("LssRequestSubmitted", "ShareStopped"),
    LOCALITY: ("DecisionIssued",),
    AGENCY: ("ReferralAnswered",),
    FAMILY: ("ShareStopped",),
    SYSTEM: ("ReferralAnswered",),
}


def upgrade() -> None:
    _outbox()
    _deliveries()
    _notifications()
    _ticks()
    _idempotency()


def _outbox() -> None:
    table(
        "outbox_entry",
        """
        for_tenant_id uuid not null references tenant (id),
        kind text not null,
        payload jsonb not null,
        person_id uuid,
        share_id uuid,
        occurred_at timestamptz not null default now(),
        expanded_at timestamptz""",
    )
    op.execute("create index ix_outbox_entry_waiting on outbox_entry (occurred_at) where expanded_at is null")
    # To oneself, or to the other end of a share that one may see: a school writes to a guest (also when the share has
    # just ended: that is the news), a guest to the school. plpgsql: shares come in a later version, with the policies
    # that say which of them an audience sees.
    op.execute("""
        create function ctx.correspondents() returns setof uuid language plpgsql stable as $$
        begin
            return query select s.guest_tenant_id from share s where s.tenant_id = ctx.tenant()
                union select s.tenant_id from share s where s.guest_tenant_id = ctx.tenant();
        end $$""")
    op.execute(f"grant execute on function ctx.correspondents to {', '.join(EVERYBODY)}")
    # In nobody else's name: a job acts in the name of whoever wrote.
    mine = "person_id is null or person_id = (select ctx.person())"
    for audience in EVERYBODY:
        # Written, never read back: the author has no business with the post.
        home = f"for_tenant_id = (select ctx.tenant()) and {_among(NEWS[audience])}"
        away = f"for_tenant_id = any (array(select ctx.correspondents())) and {_among(NEWS_ACROSS[audience])}"
        allow("outbox_entry", audience, "insert", f"{OWN} and ({home} or {away}) and ({mine})")
    owner_may("outbox_entry", "select, insert, update")
    # The postman reads the outside of an envelope only.
    op.execute(
        "grant select (tenant_id, id, for_tenant_id, kind, occurred_at, expanded_at) on outbox_entry to send_relay"
    )
    op.execute("grant update (expanded_at) on outbox_entry to send_relay")
    for command in ("select", "update"):
        op.execute(f"create policy relay_{command} on outbox_entry for {command} to send_relay using (true)")


def _among(kinds: tuple[str, ...]) -> str:
    return f"kind = any ('{{{','.join(kinds)}}}')"


def _deliveries() -> None:
    table(
        "delivery",
        """
        author_tenant_id uuid not null,
        entry_id uuid not null,
        handler text not null,
        state text not null default 'waiting' check (state in ('waiting', 'done', 'dead', 'cancelled')),
        attempts int not null default 0,
        due_at timestamptz not null default now(),
        leased_until timestamptz,
        problem text,
        created_at timestamptz not null default now(),
        done_at timestamptz,
        unique (tenant_id, author_tenant_id, entry_id, handler),
        foreign key (author_tenant_id, entry_id) references outbox_entry (tenant_id, id)""",
    )
    op.execute("create index ix_delivery_due on delivery (due_at) where state = 'waiting'")
    op.execute("create index ix_delivery_entry on delivery (author_tenant_id, entry_id)")
    allow("delivery", SYSTEM, "select, update")
    # That somebody wrote a restricted note is for the safeguarding lead, also when a letter about it is stuck.
    not_sent = f"{OWN} and state = 'dead' and handler <> 'tell_safeguarding_lead'"
    allow("delivery", SCHOOL, "select", f"{not_sent} and (select ctx.roles() && '{{sendco,school_admin}}')")
    allow("delivery", LOCALITY, "select", f"{not_sent} and (select ctx.roles() && '{{clerk}}')")
    owner_may("delivery", "select, update")
    op.execute("grant select, insert on delivery to send_relay")
    op.execute("grant update (attempts, leased_until) on delivery to send_relay")
    op.execute("create policy relay_select on delivery for select to send_relay using (true)")
    op.execute("create policy relay_insert on delivery for insert to send_relay with check (true)")
    op.execute(
        "create policy relay_update on delivery for update to send_relay using (true) with check (true)"
    )
    definer(
        "door.open_delivery(p_id uuid, p_attempt int)",
        """table (delivery_id uuid, tenant_id uuid, person_id uuid, role text, handler text, kind text, payload jsonb,
                  author_tenant_id uuid)""",
        """
        #variable_conflict use_column
        begin
            -- SKIP LOCKED: an older attempt that is still running keeps its delivery; this one goes home.
            return query
            select d.id, d.tenant_id, e.person_id, 'send_system', d.handler, e.kind, e.payload, d.author_tenant_id
            from delivery d join outbox_entry e on e.tenant_id = d.author_tenant_id and e.id = d.entry_id
            where d.id = p_id and d.attempts = p_attempt and d.state = 'waiting'
            for update of d skip locked;
        end""",
        callers="send_worker",
    )
    definer(
        "door.fail_delivery(p_id uuid, p_attempt int, p_problem text, p_wait interval, p_last boolean)",
        "void",
        """
        begin
            update delivery set problem = left(p_problem, 200), leased_until = null, due_at = now() + p_wait,
                state = case when p_last then 'dead' else state end
            where id = p_id and attempts = p_attempt and state = 'waiting';
        end""",
        callers="send_worker",
    )
    # For the operator: what is stuck, without what it says; and the button that sends it again.
    definer(
        "door.dead_deliveries()",
        "table (id uuid, tenant text, kind text, handler text, attempts int, problem text, created_at timestamptz)",
        """select d.id, t.slug, e.kind, d.handler, d.attempts, d.problem, d.created_at from delivery d
           join outbox_entry e on e.tenant_id = d.author_tenant_id and e.id = d.entry_id
           join tenant t on t.id = d.tenant_id where d.state = 'dead' order by d.created_at""",
        callers="send_worker",
        language="sql",
    )
    definer(
        "door.send_again(p_id uuid)",
        "boolean",
        """
        begin
            update delivery set state = 'waiting', attempts = 0, due_at = now(), leased_until = null
            where id = p_id and state = 'dead';
            return found;
        end""",
        callers="send_worker",
    )


def _notifications() -> None:
    table(
        "notification",
        """
        person_id uuid not null references person (id),
        audience text not null check (audience in ('school', 'locality', 'family')),
        kind text not null,
        path text not null check (path ~ '^/([^/\\\\]|$)'),
        pupil_id uuid,
        due_on date,
        created_at timestamptz not null default now(),
        read_at timestamptz,
        mailed_at timestamptz""",
    )
    index("notification", "person_id, created_at desc")
    mine = f"{OWN} and person_id = (select ctx.person())"
    # Families follow in version 15: which messages they read depends on links that come later.
    for audience in (SCHOOL, LOCALITY):
        allow("notification", audience, "select", mine)
        allow("notification", audience, "update", mine, columns="read_at")
    allow("notification", SYSTEM, "select, insert, update")


def _ticks() -> None:
    op.execute(
        "create table schedule_tick (task text not null, due_at timestamptz not null, primary key (task, due_at))"
    )
    protect("schedule_tick")
    owner_may("schedule_tick", "select, insert, delete")
    # However many schedulers run, the first to write the tick does the work, in the same transaction.
    definer(
        "door.claim_tick(p_task text, p_due timestamptz, p_kind text, p_tenants text[])",
        "boolean",
        """
        begin
            insert into schedule_tick values (p_task, p_due) on conflict do nothing;
            if not found then return false; end if;
            if p_kind is not null then
                insert into outbox_entry (tenant_id, id, for_tenant_id, kind, payload)
                select id, gen_random_uuid(), id, p_kind, '{}' from tenant
                where status = 'active' and kind = any (p_tenants);
            end if;
            return true;
        end""",
        callers="send_worker",
    )


def _idempotency() -> None:
    op.execute("""
        create table idempotency_key (
            tenant_id uuid not null references tenant (id),
            person_id uuid not null references person (id),
            key uuid not null,
            route text not null,
            body_hash bytea not null,
            location text,
            created_at timestamptz not null default now(),
            primary key (tenant_id, person_id, key))""")
    protect("idempotency_key")
    for audience in (SCHOOL, LOCALITY, AGENCY, FAMILY):
        mine = f"{OWN} and person_id = (select ctx.person())"
        allow("idempotency_key", audience, "select, insert, update", mine)
    # For the nightly sweep of version 5: nobody sends the same form again after a week.
    owner_may("idempotency_key", "select, delete", "created_at < now() - interval '7 days'")


def downgrade() -> None:
    for name in ("idempotency_key", "schedule_tick", "notification", "delivery", "outbox_entry"):
        op.execute(f"drop table {name} cascade")
    op.execute("""
        drop function ctx.correspondents, door.open_delivery, door.fail_delivery, door.dead_deliveries, door.send_again,
            door.claim_tick""")
