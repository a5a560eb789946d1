"""What a school and a locality keep about themselves: classes, term dates, rules."""

from alembic import op

from migrations.isolation import (
    AGENCY,
    FAMILY,
    LOCALITY,
    OWN,
    SCHOOL,
    SYSTEM,
    allow,
    audited,
    index,
    insert_only,
    table,
)

revision = "0006"
down_revision = "0005"

ADMIN = f"{OWN} and (select ctx.roles() && '{{school_admin,sendco}}')"
MY_LOCALITY = "tenant_id = (select t.locality_id from tenant t where t.id = (select ctx.tenant()))"


def upgrade() -> None:
    table(
        "school_class",
        """
        name text not null check (length(name) between 1 and 40),
        year_group int check (year_group between -2 and 14),
        ended_on date,
        version int not null default 1""",
    )
    # Next year's 2A is another class than this year's.
    index("school_class", "name", where="ended_on is null", unique=True)
    table(
        "class_staff",
        """
        class_id uuid not null,
        person_id uuid not null references person (id),
        unique (tenant_id, class_id, person_id),
        foreign key (tenant_id, class_id) references school_class (tenant_id, id),
        foreign key (tenant_id, person_id) references membership (tenant_id, person_id)""",
    )
    for name in ("school_class", "class_staff"):
        allow(name, SCHOOL, "select")
        allow(name, SCHOOL, "insert, update, delete", ADMIN)
        allow(name, SYSTEM, "select")
        audited(name)
    # Of those who teach there: an admin who puts their own name on the list sees no more than before.
    op.execute("""
        create function ctx.my_classes() returns setof uuid language sql stable as $$
            select s.class_id from class_staff s
            where s.tenant_id = ctx.tenant() and s.person_id = ctx.person()
                and ctx.roles() && '{class_teacher,teaching_assistant}' $$""")
    op.execute(f"grant execute on function ctx.my_classes to {SCHOOL}")
    table(
        "term",
        """
        name text not null,
        starts_on date not null,
        ends_on date not null,
        half_term_starts_on date,
        half_term_ends_on date,
        version int not null default 1,
        unique (tenant_id, starts_on),
        check (starts_on < ends_on),
        check (num_nulls(half_term_starts_on, half_term_ends_on) <> 1),
        check (starts_on < half_term_starts_on and half_term_starts_on <= half_term_ends_on
            and half_term_ends_on < ends_on)""",
    )
    allow("term", SCHOOL, "select")
    # Deadlines are counted from these dates: those who keep the school's own details change them, not all staff.
    allow("term", SCHOOL, "insert, update, delete", ADMIN)
    allow(
        "term", LOCALITY, "select, insert, update, delete", f"{OWN} and (select ctx.roles() && '{{clerk}}')"
    )
    allow("term", SYSTEM, "select, insert")
    audited("term")
    # Evidence gates, quorum, deadlines, bands: versioned data of the locality, never constants in code.
    table(
        "locality_rules",
        """
        number int not null,
        rules jsonb not null,
        set_by uuid references person (id),
        set_at timestamptz not null default now(),
        unique (tenant_id, number)""",
    )
    allow("locality_rules", LOCALITY, "select")
    allow(
        "locality_rules", LOCALITY, "insert", f"{OWN} and (select ctx.roles() && '{{clerk,area_send_lead}}')"
    )
    allow("locality_rules", SCHOOL, "select", MY_LOCALITY)
    allow("locality_rules", SYSTEM, "select, insert", f"{OWN} or {MY_LOCALITY}", OWN)
    insert_only("locality_rules")
    audited("locality_rules")


def downgrade() -> None:
    for name in ("locality_rules", "term", "class_staff", "school_class"):
        op.execute(f"drop table {name} cascade")
