"""Tenants, people, memberships and sessions; the one statement that opens a session."""

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

revision = "0002"
down_revision = "0001"

COLLEAGUES = f"id = any (array(select m.person_id from membership m where m.{OWN}))"
DIRECTORY = "id, kind, slug, name, colour, locality_id, status"
PEOPLE = "id, email, name"


def upgrade() -> None:
    _tenants()
    _people()
    _sessions()


def _tenants() -> None:
    op.execute("""
        create table tenant (
            id uuid primary key,
            kind text not null check (kind in ('school', 'locality', 'agency')),
            slug text not null unique check (slug ~ '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$'),
            name text not null check (length(name) between 1 and 120),
            colour text not null default '#1d4f6b' check (colour ~ '^#[0-9a-f]{6}$'),
            locality_id uuid references tenant (id),
            referral_email text,
            status text not null default 'active' check (status in ('active', 'suspended')),
            created_at timestamptz not null default now(),
            check (locality_id is null or kind = 'school'),
            check ((referral_email is not null) = (kind = 'agency')))""")
    op.execute("create index ix_tenant_locality_id on tenant (locality_id) where locality_id is not null")
    protect("tenant")
    for audience in (SCHOOL, LOCALITY, AGENCY, FAMILY, SYSTEM):
        # A directory of organisations is public knowledge; who belongs to them is not.
        allow("tenant", audience, "select", "true", columns=DIRECTORY)
    own_details = "id = (select ctx.tenant()) and (select ctx.roles() && '{school_admin}')"
    allow("tenant", SCHOOL, "update", own_details, columns="name, colour")
    op.execute(f"grant select (referral_email) on tenant to {SYSTEM}")
    owner_may("tenant", "select, insert, update")


def _people() -> None:
    op.execute("""
        create table person (
            id uuid primary key,
            email text not null unique check (email = lower(email)),
            name text not null check (length(name) between 1 and 200),
            created_at timestamptz not null default now())""")
    op.execute("""
        create table credential (
            person_id uuid primary key references person (id),
            password_hash text,
            totp_secret bytea,
            totp_confirmed_at timestamptz,
            totp_last_step bigint not null default 0,
            changed_at timestamptz not null default now())""")
    op.execute("""
        create table recovery_code (
            person_id uuid not null references person (id),
            code_hash bytea not null,
            used_at timestamptz,
            primary key (person_id, code_hash))""")
    table(
        "membership",
        """
        person_id uuid not null references person (id),
        roles text[] not null,
        status text not null default 'invited' check (status in ('invited', 'active', 'ended')),
        created_at timestamptz not null default now(),
        version int not null default 1,
        unique (tenant_id, person_id),
        check (roles <@ array['sendco', 'class_teacher', 'teaching_assistant', 'headteacher', 'dsl', 'school_admin',
                              'clerk', 'chair', 'vice_chair', 'member', 'area_send_lead', 'finance', 'professional'])""",
    )
    op.execute("create index ix_membership_person_id on membership (person_id)")
    for audience in (SCHOOL, LOCALITY, AGENCY, SYSTEM):
        allow("membership", audience, "select")
    for audience in (SCHOOL, LOCALITY):
        admin = f"{OWN} and (select ctx.roles() && '{{school_admin,clerk}}')"
        # Nobody works here before they have accepted; accepting is the door's.
        allow("membership", audience, "insert", f"{admin} and status = 'invited'")
        allow("membership", audience, "update", admin, columns="roles, status, version")
    for name in ("person", "credential", "recovery_code"):
        protect(name)
        owner_may(name, "select, insert, update, delete")
    for audience in (SCHOOL, LOCALITY, AGENCY, SYSTEM):
        allow("person", audience, "select", f"id = (select ctx.person()) or {COLLEAGUES}", columns=PEOPLE)
    allow("person", FAMILY, "select", "id = (select ctx.person())", columns=PEOPLE)
    owner_may("membership", "select, insert, update")


def _sessions() -> None:
    op.execute("""
        create table session (
            id uuid primary key,
            token_hash bytea not null unique,
            audience text not null check (audience in ('school', 'locality', 'agency', 'family')),
            tenant_id uuid references tenant (id),
            person_id uuid not null references person (id),
            scope_id uuid,
            acting_name text,
            acting_role text,
            device text not null default '',
            created_at timestamptz not null default now(),
            seen_at timestamptz not null default now(),
            expires_at timestamptz not null,
            ended_at timestamptz,
            check ((audience = 'family') = (tenant_id is null)),
            check ((audience = 'agency') = (scope_id is not null)))""")
    op.execute("create index ix_session_person_id on session (person_id) where ended_at is null")
    op.execute("create index ix_session_scope_id on session (scope_id) where scope_id is not null")
    protect("session")
    owner_may("session", "select, insert, update")
    # plpgsql: most of the tables that it reads come in later versions. Unread messages and a kept form ride along, so
    # that every page can say so without a statement of its own.
    definer(
        "door.open_session(p_token bytea, p_audience text, p_slug text, p_child uuid)",
        """table (session_id uuid, person_id uuid, person_name text, tenant_id uuid, tenant_kind text, tenant_slug text,
                  tenant_name text, tenant_colour text, roles text[], scope_id uuid, role text, stale boolean,
                  signed_in_at timestamptz, unread int, kept uuid)""",
        """
        #variable_conflict use_column
        begin
            return query
            select s.id, s.person_id, coalesce(s.acting_name, p.name), t.id, t.kind, t.slug, t.name, t.colour,
                case s.audience when 'family' then '{guardian}'::text[] when 'agency' then '{professional}'::text[]
                     else m.roles end,
                coalesce(s.scope_id, g.id), 'send_' || s.audience, s.seen_at < now() - interval '1 minute', s.created_at,
                (select count(*)::int from notification n where n.person_id = s.person_id and n.audience = s.audience
                    and n.read_at is null and case s.audience when 'family' then exists (
                        select from guardianship o where o.tenant_id = n.tenant_id and o.person_id = n.person_id
                            and o.pupil_id = n.pupil_id and o.status = 'active')
                        else n.tenant_id = s.tenant_id end),
                (select k.id from kept_form k where k.person_id = s.person_id and k.audience = s.audience
                    and k.tenant_id is not distinct from s.tenant_id and k.scope_id is not distinct from s.scope_id
                    and k.kept_at > now() - interval '1 day' order by k.kept_at desc, k.id desc limit 1)
            from session s
            join person p on p.id = s.person_id
            left join guardianship g on s.audience = 'family' and g.id = p_child and g.person_id = s.person_id
                and g.status = 'active'
            left join tenant t on t.id = coalesce(s.tenant_id, g.tenant_id) and t.status = 'active'
            left join membership m on m.tenant_id = s.tenant_id and m.person_id = s.person_id and m.status = 'active'
            where s.token_hash = p_token and s.audience = p_audience and s.ended_at is null and s.expires_at > now()
                and s.seen_at > now() - interval '30 minutes'
                and case s.audience
                    when 'family' then true
                    when 'agency' then t.id is not null
                    else t.slug = p_slug and m.id is not null end;
        end""",
        callers="send_web",
    )
    definer(
        "door.touch_session(p_token bytea)",
        "void",
        "begin update session set seen_at = now() where token_hash = p_token and ended_at is null; end",
        callers="send_web",
    )
    definer(
        "door.end_session(p_token bytea)",
        "void",
        "begin update session set ended_at = now() where token_hash = p_token and ended_at is null; end",
        callers="send_web",
    )
    definer(
        "door.find_tenant(p_slug text, p_kind text)",
        "table (id uuid, kind text, slug text, name text, colour text)",
        "select id, kind, slug, name, colour from tenant where slug = p_slug and kind = p_kind and status = 'active'",
        callers="send_web",
        language="sql",
    )
    definer(
        "door.find_schools(p_words text)",
        "table (slug text, name text, locality text)",
        """select s.slug, s.name, l.name from tenant s left join tenant l on l.id = s.locality_id
           where s.kind = 'school' and s.status = 'active'
             and position(lower(p_words) in lower(s.name)) > 0 order by s.name limit 20""",
        callers="send_web",
        language="sql",
    )
    op.execute("grant execute on function door.find_tenant, door.find_schools to send_web")


def downgrade() -> None:
    for name in ("session", "membership", "recovery_code", "credential", "person", "tenant"):
        op.execute(f"drop table {name} cascade")
