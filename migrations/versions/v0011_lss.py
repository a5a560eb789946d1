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
BY_SENDCO = f"{OWN} and (select ctx.roles() && '{{sendco,headteacher}}')"


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
        created_at timestamptz not null default now(),
        authorised_by uuid references person (id),
        authorised_at timestamptz,
        submitted_at timestamptz,
        decision jsonb,
        decided_at timestamptz,
        version int not null default 1,
        unique (tenant_id, reference),
        foreign key (tenant_id, pupil_id) references pupil (tenant_id, id),
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
        allow(name, SCHOOL, "insert, update", BY_SENDCO)
        allow(name, SYSTEM, "select, update")
        audited(name)
    # The family sees a request from the moment it is asked, never a draft.
    allow("lss_request", FAMILY, "select", f"{OF_MY_CHILD} and status <> 'draft'")
    allow("referral", FAMILY, "select", f"{OF_MY_CHILD} and status <> 'draft'")
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


def downgrade() -> None:
    for name in ("evidence", "referral", "lss_request"):
        op.execute(f"drop table {name} cascade")
