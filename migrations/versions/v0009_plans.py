"""SEND Support Plans with needs, targets and provision; agreements; reviews; and what children and parents say."""

from alembic import op

from migrations.isolation import (
    FAMILY,
    IN_MY_SCHOOL,
    OF_MY_CHILD,
    OWN,
    SCHOOL,
    SYSTEM,
    allow,
    audited,
    definer,
    index,
    insert_only,
    owner_may,
    table,
)

revision = "0009"
down_revision = "0008"

PLAN = "foreign key (tenant_id, plan_id, pupil_id) references plan (tenant_id, id, pupil_id)"
SHOWN_PLAN = f"{OF_MY_CHILD} and plan_id = any (array(select p.id from plan p where p.{OWN}))"
IN_MY_CLASSES = "pupil_id = any (array(select ctx.caseload()))"
TEACHES = f"(select ctx.roles() && '{{class_teacher}}') and {IN_MY_CLASSES}"
ASSISTS = f"(select ctx.roles() && '{{teaching_assistant}}') and {IN_MY_CLASSES}"
# A class teacher reads what the SENDCO reads, of the own classes; a teaching assistant only what is agreed.
READS = f"{OWN} and ((select ctx.sees_records()) or ({TEACHES}))"
READS_PLAN = f"{OWN} and ((select ctx.sees_records()) or ({TEACHES}) or ({ASSISTS} and status = 'agreed'))"
# The parts of whatever plan somebody reads. A function, so that those who see every record do not carry its plan along.
READS_PART = f"{OWN} and ((select ctx.sees_records()) or plan_id = any (array(select ctx.my_plans())))"
# The SENDCO writes for the whole school, a class teacher for the own classes; everybody else reads.
IS_SENDCO = "(select ctx.roles() && '{sendco}')"
WRITES = f"{OWN} and ({IS_SENDCO} or ({TEACHES}))"
IN_MY_NAME = "recorded_by = (select ctx.person())"


def upgrade() -> None:
    _plans()
    _parts()
    _agreements()
    _reviews()
    _voice()


def _plans() -> None:
    table(
        "plan",
        """
        pupil_id uuid not null,
        number int not null check (number >= 1),
        previous_id uuid,
        status text not null default 'draft' check (status in ('draft', 'shared', 'agreed', 'superseded', 'ceased')),
        strengths text not null default '',
        difficulties text not null default '',
        outcomes text not null default '',
        starts_on date not null,
        next_review_on date,
        created_by uuid references person (id),
        created_at timestamptz not null default now(),
        shared_at timestamptz,
        agreed_at timestamptz,
        taken_back_at timestamptz,
        ended_on date,
        ended_because text not null default '' check (length(ended_because) <= 10000),
        ended_by uuid references person (id),
        version int not null default 1,
        unique (tenant_id, id, pupil_id),
        unique (tenant_id, pupil_id, number),
        -- A plan that has ended says when and why; no other does.
        check (case status when 'ceased' then ended_on is not null and ended_because <> ''
            else ended_on is null and ended_because = '' and ended_by is null end),
        foreign key (tenant_id, pupil_id) references pupil (tenant_id, id),
        foreign key (tenant_id, previous_id, pupil_id) references plan (tenant_id, id, pupil_id)""",
    )
    index("plan", "pupil_id", where="status = 'agreed'", unique=True)
    op.execute(
        "create unique index uq_plan_open on plan (tenant_id, pupil_id) where status in ('draft', 'shared')"
    )
    index("plan", "next_review_on", where="status = 'agreed'", include="pupil_id")
    allow("plan", SCHOOL, "select", READS_PLAN)
    # Nobody sets a plan to agreed: an agreement does, below.
    allow("plan", SCHOOL, "insert", f"{WRITES} and status = 'draft'")
    # A class teacher drafts; sharing, taking back and ending are the SENDCO's.
    drafts = f"({TEACHES} and status = 'draft')"
    allow(
        "plan",
        SCHOOL,
        "update",
        f"{OWN} and ({IS_SENDCO} or {drafts})",
        f"{OWN} and (({IS_SENDCO} and status in ('draft', 'shared', 'ceased')) or {drafts})",
    )
    # Only what no family has ever been shown may vanish; everything else ends and stays on record.
    allow("plan", SCHOOL, "delete", f"{OWN} and {IS_SENDCO} and status = 'draft' and taken_back_at is null")
    # A plan that was taken back, changed and then ended keeps its new words from the family: they were never shared.
    allow(
        "plan",
        FAMILY,
        "select",
        f"{OF_MY_CHILD} and (status in ('shared', 'agreed', 'superseded') "
        "or (status = 'ceased' and shared_at is not null))",
    )
    allow("plan", SYSTEM, "select, update")
    owner_may("plan", "select, update")
    op.execute("""
        create function audit.keep_agreed_plan() returns trigger language plpgsql as $$
        declare
            moving text[] := array['status', 'version', 'ended_on', 'ended_because', 'ended_by'];
        begin
            if new.pupil_id <> old.pupil_id then
                raise exception 'a plan stays with its child' using errcode = 'restrict_violation';
            end if;
            -- It may be superseded or end, which says when, why and by whom; after that nothing moves any more.
            if old.status in ('agreed', 'superseded', 'ceased') and (new.status in ('draft', 'shared')
                or (to_jsonb(new) - moving) is distinct from (to_jsonb(old) - moving)) then
                raise exception 'an agreed plan is never changed' using errcode = 'restrict_violation';
            end if;
            if old.status in ('superseded', 'ceased') and new is distinct from old then
                raise exception 'a plan that is over is never changed' using errcode = 'restrict_violation';
            end if;
            -- That a family has once been shown a plan is never forgotten: such a plan cannot be deleted.
            new.taken_back_at := coalesce(new.taken_back_at, old.taken_back_at,
                case when old.status = 'shared' and new.status = 'draft' then now() end);
            return new;
        end $$""")
    op.execute(
        "create trigger keep_agreed before update on plan for each row execute function audit.keep_agreed_plan()"
    )
    audited("plan")


def _parts() -> None:
    table(
        "plan_need",
        f"""
        plan_id uuid not null,
        pupil_id uuid not null,
        rank int not null,
        code text not null,
        description text not null default '',
        unique (tenant_id, plan_id, rank),
        {PLAN}""",
    )
    table(
        "target",
        f"""
        plan_id uuid not null,
        pupil_id uuid not null,
        position int not null,
        need_code text not null,
        title text not null check (length(title) between 1 and 500),
        baseline text not null,
        success_criterion text not null,
        school_will text not null,
        home_will text not null default '',
        pupil_will text not null default '',
        who text not null,
        how_often text not null,
        review_by date,
        version int not null default 1,
        unique (tenant_id, plan_id, position),
        {PLAN}""",
    )
    table(
        "provision",
        f"""
        plan_id uuid not null,
        pupil_id uuid not null,
        position int not null,
        name text not null check (length(name) between 1 and 200),
        who text not null,
        hourly_rate_pence int not null check (hourly_rate_pence >= 0),
        minutes_per_session int not null check (minutes_per_session between 0 and 600),
        sessions_per_week int not null check (sessions_per_week between 0 and 50),
        weeks int not null check (weeks between 0 and 52),
        group_size int not null check (group_size between 1 and 60),
        one_off_pence int not null default 0 check (one_off_pence >= 0),
        cost_pence int not null check (cost_pence >= 0),
        version int not null default 1,
        unique (tenant_id, plan_id, position),
        {PLAN}""",
    )
    op.execute("""
        create function ctx.my_plans() returns setof uuid language sql stable as $$
            select p.id from plan p where p.tenant_id = ctx.tenant() $$""")
    op.execute(f"grant execute on function ctx.my_plans() to {SCHOOL}")
    for name in ("plan_need", "target", "provision"):
        index(name, "plan_id")
        allow(name, SCHOOL, "select", READS_PART)
        allow(name, SCHOOL, "insert, update, delete", WRITES)
        allow(name, SYSTEM, "select")
        audited(name)
    allow("plan_need", FAMILY, "select", SHOWN_PLAN)
    allow("target", FAMILY, "select", SHOWN_PLAN)
    allow(
        "provision",
        FAMILY,
        "select",
        SHOWN_PLAN,  # the help, not its price
        columns="tenant_id, id, plan_id, pupil_id, position, name, who, minutes_per_session, sessions_per_week, "
        "weeks, group_size",
    )
    definer(
        "audit.keep_agreed_parts()",
        "trigger",
        """
        declare part record := case when tg_op = 'DELETE' then old else new end; state text;
        begin
            if tg_op = 'UPDATE' and new.plan_id <> old.plan_id then
                raise exception 'a part stays with its plan' using errcode = 'restrict_violation';
            end if;
            -- For share: a plan that is being shared or discarded this moment is waited for, then refused.
            select status into state from plan where tenant_id = part.tenant_id and id = part.plan_id for share;
            if state is distinct from 'draft' then
                raise exception 'only a draft plan is changed' using errcode = 'restrict_violation';
            end if;
            return part;
        end""",
        callers="",
    )
    for name in ("plan_need", "target", "provision"):
        op.execute(
            f"create trigger keep_agreed before insert or update or delete on {name} "
            "for each row execute function audit.keep_agreed_parts()"
        )


def _agreements() -> None:
    # When somebody answered, and under which name, is what this school knows: never what a session says of itself.
    # For a school and a family; what an operator restores keeps its time and its name.
    definer(
        "audit.sign_answer()",
        "trigger",
        """
        begin
            if current_setting('role', true) in ('send_school', 'send_family') then
                new := jsonb_populate_record(new, jsonb_build_object(tg_argv[0], clock_timestamp()));
                if new.guardianship_id is not null then
                    select c.name into strict new.said_by from guardianship g
                    join contact c on c.tenant_id = g.tenant_id and c.id = g.contact_id
                    where g.tenant_id = new.tenant_id and g.id = new.guardianship_id and g.pupil_id = new.pupil_id;
                end if;
            end if;
            return new;
        end""",
        callers="",
    )
    # Who agreed to exactly which saved version of a plan, when and how; or that they did not.
    table(
        "plan_agreement",
        f"""
        plan_id uuid not null,
        pupil_id uuid not null,
        plan_version int not null,
        agreed boolean not null,
        method text not null check (method in ('portal', 'paper', 'phone', 'meeting', 'no_reply')),
        guardianship_id uuid,
        person_id uuid references person (id),
        said_by text not null default '',
        comment text not null default '' check (length(comment) <= 10000),
        happened_on date not null,
        recorded_by uuid references person (id),
        recorded_at timestamptz not null default now(),
        {PLAN},
        foreign key (tenant_id, guardianship_id, pupil_id) references guardianship (tenant_id, id, pupil_id)""",
    )
    index("plan_agreement", "plan_id")
    allow("plan_agreement", SCHOOL, "select", READS)
    # What staff write down is in their own name; only the family itself answers in the portal.
    allow(
        "plan_agreement", SCHOOL, "insert", f"{OWN} and {IS_SENDCO} and {IN_MY_NAME} and method <> 'portal'"
    )
    mine = f"{SHOWN_PLAN} and person_id = (select ctx.person())"
    allow("plan_agreement", FAMILY, "select", mine)
    allow(
        "plan_agreement",
        FAMILY,
        "insert",
        f"{mine} and method = 'portal' and guardianship_id = (select ctx.scope())",
    )
    allow("plan_agreement", SYSTEM, "select")
    insert_only("plan_agreement")
    _signed("plan_agreement", "recorded_at")
    audited("plan_agreement")
    # A family cannot touch the plan; its agreement, given here, moves a shared plan to agreed.
    definer(
        "audit.plan_agreed()",
        "trigger",
        """
        begin
            if new.agreed then
                update plan set status = 'superseded' where tenant_id = new.tenant_id and pupil_id = new.pupil_id
                    and status = 'agreed' and id <> new.plan_id;
                update plan set status = 'agreed', agreed_at = new.recorded_at, version = version + 1
                where tenant_id = new.tenant_id and id = new.plan_id and status = 'shared'
                    and version = new.plan_version;
                -- The second of two adults may agree to the same words after the first.
                if not found and not exists (select from plan where tenant_id = new.tenant_id and id = new.plan_id
                        and status = 'agreed' and version - new.plan_version in (0, 1)) then
                    raise exception 'the plan is not open for agreement in this version' using errcode = 'check_violation';
                end if;
            end if;
            return null;
        end""",
        callers="",
    )
    op.execute(
        "create trigger agree after insert on plan_agreement for each row execute function audit.plan_agreed()"
    )


def _signed(name: str, moment: str) -> None:
    op.execute(
        f"create trigger sign before insert on {name} for each row execute function audit.sign_answer('{moment}')"
    )


def _reviews() -> None:
    table(
        "review",
        f"""
        plan_id uuid not null,
        pupil_id uuid not null,
        held_on date not null,
        parent_took_part text not null check (parent_took_part in ('attended', 'phone', 'views_sent', 'no_reply')),
        parent_comment text not null default '',
        child_comment text not null default '',
        child_method text not null default '',
        summary text not null default '',
        next_review_on date,
        recorded_by uuid not null references person (id),
        recorded_at timestamptz not null default now(),
        unique (tenant_id, id, pupil_id),
        unique (tenant_id, plan_id),
        {PLAN}""",
    )
    table(
        "review_outcome",
        """
        review_id uuid not null,
        pupil_id uuid not null,
        target_id uuid not null,
        outcome text not null,
        evidence text not null default '',
        unique (tenant_id, review_id, target_id),
        foreign key (tenant_id, review_id, pupil_id) references review (tenant_id, id, pupil_id),
        foreign key (tenant_id, target_id) references target (tenant_id, id)""",
    )
    for name in ("review", "review_outcome"):
        index(name, "pupil_id")
        allow(name, SCHOOL, "select", READS)
        allow(name, SYSTEM, "select")
        insert_only(name)
        audited(name)
    # What one parent said at the review is not the other's to read.
    allow(
        "review",
        FAMILY,
        "select",
        OF_MY_CHILD,
        columns="tenant_id, id, plan_id, pupil_id, held_on, parent_took_part, child_comment, child_method, summary, "
        "next_review_on, recorded_by, recorded_at",
    )
    allow("review_outcome", FAMILY, "select", OF_MY_CHILD)
    allow("review", SCHOOL, "insert", f"{OWN} and {IS_SENDCO} and {IN_MY_NAME}")
    allow("review_outcome", SCHOOL, "insert", f"{OWN} and {IS_SENDCO}")


def _voice() -> None:
    table(
        "pupil_view",
        """
        pupil_id uuid not null,
        said_on date not null,
        method text not null check (method in ('attended', 'interview', 'drawing', 'symbols', 'observation', 'proxy')),
        words text not null check (length(words) between 1 and 10000),
        written_down_by text not null,
        recorded_by uuid not null references person (id),
        recorded_at timestamptz not null default now(),
        foreign key (tenant_id, pupil_id) references pupil (tenant_id, id)""",
    )
    allow("pupil_view", SCHOOL, "select", IN_MY_SCHOOL)
    allow("pupil_view", SCHOOL, "insert", f"{WRITES} and {IN_MY_NAME}")
    allow("pupil_view", FAMILY, "select", OF_MY_CHILD)
    table(
        "family_view",
        """
        pupil_id uuid not null,
        guardianship_id uuid,
        person_id uuid references person (id),
        said_by text not null,
        method text not null check (method in ('portal', 'paper', 'phone', 'meeting')),
        words text not null check (length(words) between 1 and 10000),
        recorded_by uuid references person (id),
        said_at timestamptz not null default now(),
        foreign key (tenant_id, guardianship_id, pupil_id) references guardianship (tenant_id, id, pupil_id)""",
    )
    allow("family_view", SCHOOL, "select", READS)
    allow(
        "family_view",
        SCHOOL,
        "insert",
        f"{WRITES} and {IN_MY_NAME} and method <> 'portal' and person_id is null",
    )
    # Two adults of one child never read each other's words here.
    mine = f"{OF_MY_CHILD} and person_id = (select ctx.person())"
    allow("family_view", FAMILY, "select", mine)
    allow(
        "family_view",
        FAMILY,
        "insert",
        f"{mine} and method = 'portal' and guardianship_id = (select ctx.scope())",
    )
    _signed("family_view", "said_at")
    for name in ("pupil_view", "family_view"):
        index(name, "pupil_id")
        allow(name, SYSTEM, "select")
        insert_only(name)
        audited(name)


def downgrade() -> None:
    for name in (
        "family_view",
        "pupil_view",
        "review_outcome",
        "review",
        "plan_agreement",
        "provision",
        "target",
        "plan_need",
        "plan",
    ):
        op.execute(f"drop table {name} cascade")
    op.execute("drop function ctx.my_plans")
