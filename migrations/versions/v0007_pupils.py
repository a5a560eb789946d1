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
KEEPS_CONTACTS = f"{OWN} and (select ctx.roles() && '{{school_admin,sendco,headteacher,dsl}}')"
ROLL_ONLY = f"{OWN} and (select ctx.roles() && '{{school_admin}}')"
PROTECTS = f"{OWN} and (select ctx.roles() && '{{headteacher,dsl,sendco}}')"


def upgrade() -> None:
    _pupils()
    _contacts()
    _guardianships()
    _copies_on_the_link()
    _access_changes()
    _rolls()
    _safeguarding()


def _pupils() -> None:
    table(
        "pupil",
        """
        legal_surname text not null check (length(legal_surname) between 1 and 200),
        legal_forenames text not null check (length(legal_forenames) between 1 and 200),
        preferred_forename text not null check (length(preferred_forename) between 1 and 200),
        preferred_surname text check (length(preferred_surname) between 1 and 200),
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
        include="preferred_forename, preferred_surname, legal_surname, year_group, class_id, sen_provision, search_key, "
        "born_on",
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
    allow("contact", SCHOOL, "insert", KEEPS_ROLL)
    # The leads too: of an adult who has said no, only they change whether that counts (keep_objector of v0010).
    allow("contact", SCHOOL, "update", KEEPS_CONTACTS)
    allow("contact", SYSTEM, "select")
    audited("contact")
    # Who may consent, and which mailbox signs in: for a guardian these are no longer details of the roll.
    op.execute("""
        create function audit.keep_checked() returns trigger language plpgsql as $$
        begin
            if current_user = 'send_school' and not (ctx.roles() && '{sendco,headteacher,dsl}') and exists (
                select from guardianship g where g.tenant_id = old.tenant_id and g.contact_id = old.id)
            then
                raise exception 'what was checked of a guardian is changed by those who check'
                    using errcode = 'restrict_violation';
            end if;
            return new;
        end $$""")
    op.execute(
        "create trigger keep_checked before update of parental_responsibility, email on contact for each row "
        "when ((old.parental_responsibility, old.email) is distinct from (new.parental_responsibility, new.email)) "
        "execute function audit.keep_checked()"
    )


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
        unique (tenant_id, contact_id),
        unique (tenant_id, id, pupil_id),
        foreign key (tenant_id, contact_id, pupil_id) references contact (tenant_id, id, pupil_id)""",
    )
    op.execute("create index ix_guardianship_person_id on guardianship (person_id)")
    # The one thing a family may read across schools: its own active links.
    allow("guardianship", FAMILY, "select", "person_id = (select ctx.person()) and status = 'active'")
    allow("guardianship", SCHOOL, "select", f"{OWN} and (select ctx.sees_pupils())")
    # A link begins as pending and one look makes it active. From there only an access change moves it, below.
    allow("guardianship", SCHOOL, "insert", f"{PROTECTS} and status = 'pending' and confirmed_by is null")
    allow(
        "guardianship",
        SCHOOL,
        "update",
        f"{PROTECTS} and status = 'pending'",
        f"{PROTECTS} and status = 'active' and confirmed_by = (select ctx.person())",
        columns="status, confirmed_by, confirmed_at, version",
    )
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
    audited("guardianship")


def _copies_on_the_link() -> None:
    # Names and responsibility on the link are copies for the family's list of children: kept true by trigger.
    # Who the link is for follows from the contact's e-mail address: a school never asks for a person by address,
    # because the answer would say who is known at other schools.
    op.execute("""
        create function audit.person_at(p_email text, p_name text) returns uuid language plpgsql as $$
        declare found uuid;
        begin
            insert into person (id, email, name) values (gen_random_uuid(), lower(p_email), p_name)
            on conflict (email) do nothing;
            select id into strict found from person where email = lower(p_email);
            return found;
        end $$""")
    definer(
        "audit.fill_guardianship()",
        "trigger",
        """
        declare known record;
        begin
            select c.parental_responsibility as pr, c.name, lower(c.email) as email, p.preferred_forename as child,
                t.name as school
            into strict known
            from contact c join pupil p on p.tenant_id = c.tenant_id and p.id = c.pupil_id
            join tenant t on t.id = c.tenant_id
            where c.tenant_id = new.tenant_id and c.id = new.contact_id;
            new.parental_responsibility := known.pr;
            new.child_name := known.child;
            new.school_name := known.school;
            if tg_op = 'INSERT' and (new.person_id is null or current_setting('role', true) = 'send_school') then
                new.person_id := audit.person_at(known.email, known.name);
            end if;
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
                -- Another mailbox may be another person: the old one sees nothing more, the new one is looked at first.
                if lower(new.email) is distinct from lower(old.email) then
                    update guardianship set person_id = audit.person_at(new.email, new.name), confirmed_by = null,
                        confirmed_at = null, version = version + 1,
                        status = case status when 'active' then 'pending' else status end
                    where tenant_id = new.tenant_id and contact_id = new.id;
                end if;
            else
                update guardianship set child_name = child_name where tenant_id = new.tenant_id and pupil_id = new.id;
            end if;
            return null;
        end""",
        callers="",
    )
    op.execute(
        "create trigger refill after update of parental_responsibility, email on contact "
        "for each row execute function audit.refill_guardianships()"
    )
    op.execute(
        "create trigger refill after update of preferred_forename on pupil "
        "for each row execute function audit.refill_guardianships()"
    )


def _access_changes() -> None:
    # Less access acts at once and is confirmed by the second lead; more acts only when the second has confirmed.
    # `lifts` is worked out here, so that nobody can call a lift a bar.
    table(
        "access_change",
        """
        guardianship_id uuid not null,
        pupil_id uuid not null,
        to_status text not null check (to_status in ('active', 'restricted', 'barred')),
        lifts boolean not null,
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
        check (num_nulls(confirmed_by, confirmed_role, confirmed_at) in (0, 3)),
        check (confirmed_at is null or withdrawn_at is null),
        foreign key (tenant_id, guardianship_id, pupil_id) references guardianship (tenant_id, id, pupil_id)""",
    )
    op.execute(
        "create unique index uq_access_change_open on access_change (tenant_id, guardianship_id, to_status) "
        "where confirmed_at is null and withdrawn_at is null"
    )
    leads = f"{OWN} and (select ctx.roles() && '{{headteacher,dsl}}')"
    mine = "proposed_by = (select ctx.person()) and proposed_role = any ((select ctx.roles())::text[])"
    second = "confirmed_by = (select ctx.person()) and confirmed_role = any ((select ctx.roles())::text[])"
    is_open = "confirmed_at is null and withdrawn_at is null"
    allow("access_change", SCHOOL, "select", leads)
    allow("access_change", SCHOOL, "insert", f"{leads} and {mine} and {is_open}")
    # Confirmed by the other lead, or, while it is only a proposal to open access, taken back by either.
    allow(
        "access_change",
        SCHOOL,
        "update",
        f"{leads} and {is_open}",
        f"{leads} and ({second} or (lifts and confirmed_at is null and withdrawn_at is not null))",
        columns="confirmed_by, confirmed_role, confirmed_at, withdrawn_at",
    )
    owner_may("access_change", "select, update")
    definer(
        "audit.weigh_access()",
        "trigger",
        """
        declare
            ranks constant text[] := array['active', 'restricted', 'barred'];
            held text;
        begin
            select status into strict held from guardianship
            where tenant_id = new.tenant_id and id = new.guardianship_id for update;
            if held = new.to_status or (held = 'pending' and new.to_status = 'active') then
                raise exception 'access is like that already' using errcode = 'check_violation';
            end if;
            new.lifts := array_position(ranks, new.to_status)
                < array_position(ranks, case held when 'pending' then 'active' else held end);
            return new;
        end""",
        callers="",
    )
    op.execute(
        "create trigger weigh before insert on access_change for each row execute function audit.weigh_access()"
    )
    definer(
        "audit.change_access()",
        "trigger",
        """
        begin
            if tg_op = 'INSERT' and new.lifts or tg_op = 'UPDATE' and not new.lifts then return null; end if;
            -- Somebody whose identity nobody has confirmed goes back to waiting for that.
            update guardianship set version = version + 1, status = case
                when new.to_status = 'active' and confirmed_at is null then 'pending' else new.to_status end
            where tenant_id = new.tenant_id and id = new.guardianship_id;
            if not found then
                raise exception 'the link cannot be changed by its own trigger' using errcode = 'check_violation';
            end if;
            update access_change set withdrawn_at = now() where tenant_id = new.tenant_id
                and guardianship_id = new.guardianship_id and id <> new.id
                and confirmed_at is null and withdrawn_at is null;
            return null;
        end""",
        callers="",
    )
    op.execute(
        "create trigger change after insert on access_change for each row execute function audit.change_access()"
    )
    op.execute(
        "create trigger confirm after update of confirmed_at on access_change for each row "
        "when (old.confirmed_at is null and new.confirmed_at is not null) execute function audit.change_access()"
    )
    audited("access_change")


def _rolls() -> None:
    # What a file says, kept between looking and saying yes; only the admin who brought it reads it.
    table(
        "roll_import",
        """
        person_id uuid not null references person (id),
        rows jsonb not null,
        unused_headings text[] not null default '{}',
        created_at timestamptz not null default now(),
        confirmed_at timestamptz,
        added int not null default 0,
        changed int not null default 0,
        check (confirmed_at is null or rows = '[]')""",
    )
    index("roll_import", "created_at")
    mine = f"{ROLL_ONLY} and person_id = (select ctx.person())"
    allow("roll_import", SCHOOL, "select, insert", mine)
    allow("roll_import", SCHOOL, "update", f"{mine} and confirmed_at is null", mine)
    owner_may("roll_import", "select, delete")
    definer(
        "door.sweep_roll_imports()",
        "int",
        """
        declare swept int;
        begin
            delete from roll_import where created_at < now() - interval '1 day';
            get diagnostics swept = row_count;
            return swept;
        end""",
        callers="send_worker",
    )
    # An export takes every UPN of the school away: who took it, when and how many, in the sealed audit.
    table(
        "roll_export",
        """
        person_id uuid not null references person (id),
        pupils int not null check (pupils >= 0),
        exported_at timestamptz not null default now()""",
    )
    index("roll_export", "exported_at desc")
    allow(
        "roll_export", SCHOOL, "select", f"{OWN} and (select ctx.roles() && '{{school_admin,headteacher}}')"
    )
    allow("roll_export", SCHOOL, "insert", mine)
    insert_only("roll_export")
    audited("roll_export")


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
        "roll_export",
        "roll_import",
        "access_change",
        "guardianship",
        "contact",
        "pupil_need",
        "pupil_upn",
        "pupil",
    ):
        op.execute(f"drop table {name} cascade")
