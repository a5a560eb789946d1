"""Pupils, their contacts and guardians, and the notes that only the safeguarding lead may read."""

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

revision = "0007"
down_revision = "0006"

PUPILS = f"{OWN} and ((select ctx.sees_pupils()) or class_id = any (array(select ctx.my_classes())))"
KEEPS_ROLL = f"{OWN} and (select ctx.roles() && '{{school_admin,sendco}}')"
ROLL_ONLY = f"{OWN} and (select ctx.roles() && '{{school_admin}}')"
PROTECTS = f"{OWN} and (select ctx.roles() && '{{headteacher,dsl,sendco}}')"


def upgrade() -> None:
    _pupils()
    _contacts()
    _guardianships()
    _safeguarding()


def _pupils() -> None:
    table(
        "pupil",
        """
        legal_surname text not null check (length(legal_surname) between 1 and 100),
        legal_forenames text not null check (length(legal_forenames) between 1 and 100),
        preferred_forename text not null check (length(preferred_forename) between 1 and 100),
        sort_key text not null,
        search_key text not null,
        born_on date not null,
        year_group int not null check (year_group between -2 and 14),
        class_id uuid,
        sen_provision text not null default 'N' check (length(sen_provision) = 1),
        left_on date,
        joined_on date,
        version int not null default 1,
        foreign key (tenant_id, class_id) references school_class (tenant_id, id)""",
    )
    index(
        "pupil",
        "sort_key, id",
        where="left_on is null",
        include="preferred_forename, legal_surname, year_group, class_id, sen_provision, search_key",
    )
    index("pupil", "class_id")
    allow("pupil", SCHOOL, "select", PUPILS)
    allow("pupil", SCHOOL, "insert, update", KEEPS_ROLL)
    allow("pupil", SYSTEM, "select")
    op.execute("""
        create function ctx.caseload() returns setof uuid language sql stable as $$
            select p.id from pupil p where p.tenant_id = ctx.tenant()
            and p.class_id = any (array(select ctx.my_classes())) $$""")
    op.execute(f"grant execute on function ctx.caseload to {SCHOOL}")
    # The UPN stands apart: only the admin's pupil screens and exports may show it.
    table(
        "pupil_upn",
        """
        pupil_id uuid not null,
        upn text not null check (upn ~ '^[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]$'),
        unique (tenant_id, pupil_id),
        unique (tenant_id, upn),
        foreign key (tenant_id, pupil_id) references pupil (tenant_id, id)""",
    )
    allow("pupil_upn", SCHOOL, "select, insert, update", ROLL_ONLY)
    table(
        "pupil_need",
        """
        pupil_id uuid not null,
        rank int not null check (rank between 1 and 99),
        code text not null,
        unique (tenant_id, pupil_id, rank),
        foreign key (tenant_id, pupil_id) references pupil (tenant_id, id)""",
    )
    allow("pupil_need", SCHOOL, "select", f"{IN_MY_SCHOOL} or {ROLL_ONLY}")
    allow("pupil_need", SCHOOL, "insert, update, delete", KEEPS_ROLL)
    allow("pupil_need", SYSTEM, "select")
    for name in ("pupil", "pupil_upn", "pupil_need"):
        audited(name)


def _contacts() -> None:
    table(
        "contact",
        """
        pupil_id uuid not null,
        name text not null check (length(name) between 1 and 200),
        relationship text not null default '',
        email text,
        phone text,
        parental_responsibility boolean not null default false,
        priority int not null default 1,
        ended_on date,
        version int not null default 1,
        unique (tenant_id, id, pupil_id),
        foreign key (tenant_id, pupil_id) references pupil (tenant_id, id)""",
    )
    index("contact", "pupil_id")
    allow("contact", SCHOOL, "select", f"{OWN} and (select ctx.sees_pupils())")
    allow("contact", SCHOOL, "insert, update", KEEPS_ROLL)
    allow("contact", SYSTEM, "select")
    audited("contact")


def _guardianships() -> None:
    table(
        "guardianship",
        """
        pupil_id uuid not null,
        contact_id uuid not null,
        person_id uuid not null references person (id),
        status text not null default 'pending' check (status in ('pending', 'active', 'restricted', 'barred')),
        parental_responsibility boolean not null,
        child_name text not null,
        school_name text not null,
        confirmed_by uuid references person (id),
        confirmed_at timestamptz,
        version int not null default 1,
        unique (tenant_id, pupil_id, person_id),
        unique (tenant_id, id, pupil_id),
        foreign key (tenant_id, contact_id, pupil_id) references contact (tenant_id, id, pupil_id)""",
    )
    op.execute("create index ix_guardianship_person_id on guardianship (person_id)")
    # The one thing a family may read across schools: its own active links.
    allow("guardianship", FAMILY, "select", "person_id = (select ctx.person()) and status = 'active'")
    allow("guardianship", SCHOOL, "select", f"{OWN} and (select ctx.sees_pupils())")
    allow("guardianship", SCHOOL, "insert, update", PROTECTS)
    allow("guardianship", SYSTEM, "select")
    owner_may("guardianship", "select, update")
    owner_may("contact", "select")
    owner_may("pupil", "select")
    op.execute("""
        create function ctx.my_children() returns setof uuid language sql stable as $$
            select g.pupil_id from guardianship g
            where g.tenant_id = ctx.tenant() and g.person_id = ctx.person() and g.status = 'active' $$""")
    op.execute(f"grant execute on function ctx.my_children to {FAMILY}")
    guardians = f"id = any (array(select g.person_id from guardianship g where g.{OWN}))"
    allow("person", SYSTEM, "select", guardians, columns="id, email, name", label="guardians")
    allow(
        "pupil",
        FAMILY,
        "select",
        f"{OWN} and id = any (array(select ctx.my_children()))",
        columns="tenant_id, id, preferred_forename, year_group, left_on",
    )
    # Names and responsibility on the link are copies for the family's list of children: kept true by trigger.
    definer(
        "audit.fill_guardianship()",
        "trigger",
        """
        begin
            select c.parental_responsibility, p.preferred_forename, t.name
            into strict new.parental_responsibility, new.child_name, new.school_name
            from contact c join pupil p on p.tenant_id = c.tenant_id and p.id = c.pupil_id
            join tenant t on t.id = c.tenant_id
            where c.tenant_id = new.tenant_id and c.id = new.contact_id;
            return new;
        end""",
        callers="",
    )
    op.execute(
        "create trigger fill before insert or update on guardianship "
        "for each row execute function audit.fill_guardianship()"
    )
    definer(
        "audit.refill_guardianships()",
        "trigger",
        """
        begin
            if tg_table_name = 'contact' then
                update guardianship set child_name = child_name where tenant_id = new.tenant_id and contact_id = new.id;
            else
                update guardianship set child_name = child_name where tenant_id = new.tenant_id and pupil_id = new.id;
            end if;
            return null;
        end""",
        callers="",
    )
    op.execute(
        "create trigger refill after update of parental_responsibility on contact "
        "for each row execute function audit.refill_guardianships()"
    )
    op.execute(
        "create trigger refill after update of preferred_forename on pupil "
        "for each row execute function audit.refill_guardianships()"
    )
    audited("guardianship")
    # Barring acts at once and is confirmed by a second person; lifting acts only when the second has confirmed.
    table(
        "access_change",
        """
        guardianship_id uuid not null,
        pupil_id uuid not null,
        to_status text not null check (to_status in ('active', 'restricted', 'barred')),
        reason text not null check (length(reason) between 1 and 2000),
        proposed_by uuid not null references person (id),
        proposed_role text not null check (proposed_role in ('headteacher', 'dsl')),
        proposed_at timestamptz not null default now(),
        confirmed_by uuid references person (id),
        confirmed_role text check (confirmed_role in ('headteacher', 'dsl')),
        confirmed_at timestamptz,
        withdrawn_at timestamptz,
        check (confirmed_by <> proposed_by),
        check (confirmed_role <> proposed_role),
        foreign key (tenant_id, guardianship_id, pupil_id) references guardianship (tenant_id, id, pupil_id)""",
    )
    leads = f"{OWN} and (select ctx.roles() && '{{headteacher,dsl}}')"
    allow("access_change", SCHOOL, "select, insert, update", leads)
    audited("access_change")


def _safeguarding() -> None:
    table(
        "safeguarding_note",
        """
        pupil_id uuid not null,
        written_by uuid not null references person (id),
        happened_on date not null,
        words text not null check (length(words) between 1 and 10000),
        written_at timestamptz not null default now(),
        corrects_id uuid,
        foreign key (tenant_id, pupil_id) references pupil (tenant_id, id),
        foreign key (tenant_id, corrects_id) references safeguarding_note (tenant_id, id)""",
    )
    index("safeguarding_note", "pupil_id, written_at desc")
    # Anybody at the school may write one down; only the safeguarding lead may read it.
    allow("safeguarding_note", SCHOOL, "select", f"{OWN} and (select ctx.roles() && '{{dsl}}')")
    allow(
        "safeguarding_note",
        SCHOOL,
        "insert",
        f"{OWN} and written_by = (select ctx.person()) and (select ctx.roles() <> '{{school_admin}}')",
    )
    insert_only("safeguarding_note")
    audited("safeguarding_note")


def downgrade() -> None:
    for name in (
        "safeguarding_note",
        "access_change",
        "guardianship",
        "contact",
        "pupil_need",
        "pupil_upn",
        "pupil",
    ):
        op.execute(f"drop table {name} cascade")
