"""Requests to the locality (LSS) and referrals to agencies."""

from alembic import op

from migrations.isolation import (
    FAMILY,
    OF_MY_CHILD,
    OWN,
    SCHOOL,
    SYSTEM,
    allow,
    audited,
    definer,
    index,
    owner_may,
    table,
)

revision = "0011"
down_revision = "0010"

RECORDS = f"{OWN} and (select ctx.sees_records())"
BY_SENDCO = f"{OWN} and (select ctx.roles() && '{{sendco}}')"
BY_SENDCO_OR_HEAD = f"{OWN} and (select ctx.roles() && '{{sendco,headteacher}}')"
# Once with the family, the words stay as they are until the request is a draft again.
LSS_WORDS = "kind why_now tried strengths needs pupil_view family_view wanted outcomes amount_pence terms"
REFERRAL_WORDS = "agency_tenant_id why_now tried wanted strengths needs"


def upgrade() -> None:
    table(
        "lss_request",
        """
        pupil_id uuid not null,
        plan_id uuid,
        reference text not null,
        kind text not null check (kind in ('discussion', 'advice', 'school_to_school', 'training', 'money')),
        status text not null default 'draft' check (status in ('draft', 'with_family', 'agreed', 'authorised', 'submitted',
            'more_information', 'decided', 'withdrawn')),
        why_now text not null default '',
        tried text not null default '',
        strengths text not null default '',
        needs text not null default '',
        pupil_view text not null default '',
        family_view text not null default '',
        wanted text not null default '',
        outcomes text not null default '',
        amount_pence int check (amount_pence > 0),
        terms int check (terms between 1 and 6),
        provision_cost_pence int not null default 0,
        reviewed_cycles int not null default 0,
        ask_id uuid,
        share_id uuid,
        created_by uuid references person (id),
        editors uuid[] not null default '{}',
        created_at timestamptz not null default now(),
        authorised_by uuid references person (id),
        authorised_at timestamptz,
        submitted_at timestamptz,
        decision jsonb,
        decided_at timestamptz,
        version int not null default 1,
        unique (tenant_id, reference),
        check (authorised_by <> created_by and not (authorised_by = any (editors))),
        foreign key (tenant_id, pupil_id) references pupil (tenant_id, id),
        foreign key (tenant_id, plan_id, pupil_id) references plan (tenant_id, id, pupil_id),
        foreign key (tenant_id, ask_id, pupil_id) references consent_ask (tenant_id, id, pupil_id),
        foreign key (tenant_id, share_id) references share (tenant_id, id)""",
    )
    index("lss_request", "created_at desc")
    index("lss_request", "pupil_id")
    table(
        "referral",
        """
        pupil_id uuid not null,
        agency_tenant_id uuid not null references tenant (id),
        reference text not null,
        status text not null default 'draft' check (status in ('draft', 'with_family', 'agreed', 'sent', 'accepted', 'declined',
            'question', 'reported', 'withdrawn', 'wrong_person')),
        why_now text not null default '',
        tried text not null default '',
        wanted text not null default '',
        strengths text not null default '',
        needs text not null default '',
        ask_id uuid,
        share_id uuid,
        answer jsonb,
        created_by uuid references person (id),
        created_at timestamptz not null default now(),
        sent_at timestamptz,
        version int not null default 1,
        unique (tenant_id, reference),
        foreign key (tenant_id, pupil_id) references pupil (tenant_id, id),
        foreign key (tenant_id, ask_id, pupil_id) references consent_ask (tenant_id, id, pupil_id),
        foreign key (tenant_id, share_id) references share (tenant_id, id)""",
    )
    index("referral", "created_at desc")
    index("referral", "pupil_id")
    for name in ("lss_request", "referral"):
        allow(name, SCHOOL, "select", RECORDS)
        allow(name, SCHOOL, "insert", f"{BY_SENDCO} and created_by = (select ctx.person())")
        allow(name, SCHOOL, "update", BY_SENDCO_OR_HEAD if name == "lss_request" else BY_SENDCO)
        allow(name, SYSTEM, "select")
        audited(name)
    owner_may("lss_request", "select")
    allow("lss_request", SYSTEM, "update", columns="status, decision, decided_at, version")
    allow("referral", SYSTEM, "update", columns="status, answer, version")
    _keep("lss_request", LSS_WORDS)
    _keep("referral", REFERRAL_WORDS)
    _authorise()
    # The family sees a request from the moment it is asked, never a draft.
    for name in ("lss_request", "referral"):
        shown = f"{OF_MY_CHILD} and status <> 'draft' and (status <> 'withdrawn' or ask_id is not null)"
        allow(name, FAMILY, "select", shown)
    table(
        "evidence",
        """
        lss_request_id uuid,
        referral_id uuid,
        document_id uuid not null,
        check (num_nonnulls(lss_request_id, referral_id) = 1),
        unique (tenant_id, lss_request_id, document_id),
        unique (tenant_id, referral_id, document_id),
        foreign key (tenant_id, lss_request_id) references lss_request (tenant_id, id),
        foreign key (tenant_id, referral_id) references referral (tenant_id, id),
        foreign key (tenant_id, document_id) references document (tenant_id, id)""",
    )
    allow("evidence", SCHOOL, "select", RECORDS)
    allow("evidence", SCHOOL, "insert, delete", BY_SENDCO)
    allow("evidence", SYSTEM, "select")
    audited("evidence")
    # A document of this very child, and only while the family has not been asked.
    op.execute("""
        create function audit.check_evidence() returns trigger language plpgsql as $$
        declare row evidence := case when tg_op = 'DELETE' then old else new end; subject record;
        begin
            select pupil_id, status into strict subject from lss_request
            where tenant_id = row.tenant_id and id = row.lss_request_id
            union all select pupil_id, status from referral where tenant_id = row.tenant_id and id = row.referral_id;
            if tg_op = 'INSERT' and not exists (select from document d where d.tenant_id = row.tenant_id
                    and d.id = row.document_id and d.pupil_id = subject.pupil_id and d.status = 'clean') then
                raise exception 'not a checked document of this child' using errcode = 'check_violation';
            end if;
            if subject.status <> 'draft' and current_setting('role') = 'send_school' then
                raise exception 'the family has been asked already' using errcode = 'restrict_violation';
            end if;
            return row;
        end $$""")
    op.execute(
        "create trigger check_row before insert or delete on evidence "
        "for each row execute function audit.check_evidence()"
    )


def _keep(name: str, words: str) -> None:
    changed = " or ".join(f"new.{word} is distinct from old.{word}" for word in words.split())
    op.execute(f"""
        create function audit.keep_{name}() returns trigger language plpgsql as $$
        begin
            if old.status <> 'draft' and new.status <> 'draft' and ({changed}) then
                raise exception 'what the family was asked about is not changed' using errcode = 'restrict_violation';
            end if;
            if (new.pupil_id, new.reference, new.created_by) is distinct from (old.pupil_id, old.reference, old.created_by) then
                raise exception 'it stays with its child and its author' using errcode = 'restrict_violation';
            end if;
            return new;
        end $$""")
    op.execute(
        f"create trigger keep before update on {name} for each row execute function audit.keep_{name}()"
    )


def _authorise() -> None:
    # Nobody authorises in another's name, and only a headteacher does.
    op.execute("""
        create function audit.check_authorisation() returns trigger language plpgsql as $$
        begin
            -- Whoever has written in it once has written in it: an editor is never forgotten.
            if tg_op = 'UPDATE' and not (new.editors @> old.editors) then
                raise exception 'an editor is never forgotten' using errcode = 'restrict_violation';
            end if;
            -- Back in anybody's hands to be changed, it is authorised no more.
            if tg_op = 'UPDATE' and new.status in ('draft', 'with_family', 'agreed') and old.status <> new.status then
                new.authorised_by := null; new.authorised_at := null;
            end if;
            if current_setting('role') = 'send_school' and new.authorised_by is not null
                and (tg_op = 'INSERT' or new.authorised_by is distinct from old.authorised_by)
                and not (new.authorised_by = ctx.person() and ctx.roles() && '{headteacher}') then
                raise exception 'only a headteacher authorises' using errcode = 'restrict_violation';
            end if;
            return new;
        end $$""")
    op.execute(
        "create trigger check_head before insert or update on lss_request for each row "
        "execute function audit.check_authorisation()"
    )


def downgrade() -> None:
    for name in ("evidence", "referral", "lss_request"):
        op.execute(f"drop table {name} cascade")
