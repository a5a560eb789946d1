"""What a school hands over on purpose: asks, consents, withdrawals, shares, replies, links, recusals."""

from alembic import op

from migrations.isolation import (
    AGENCY,
    FAMILY,
    IN_MY_SCHOOL,
    LOCALITY,
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
    protect,
    table,
)

revision = "0010"
down_revision = "0009"

RECORDS = f"{OWN} and (select ctx.sees_records())"
LIVE = "guest_tenant_id = (select ctx.tenant()) and revoked_at is null and expires_on >= (select ctx.today())"
PANEL = "(select ctx.roles() && '{clerk,chair,vice_chair,member}')"
NOT_RECUSED = "not ({} = any (array(select ctx.my_recusals())))"
SHARES = "array(select s.id from share s where s.guest_tenant_id = (select ctx.tenant()))"
GUEST_COLUMNS = (
    "tenant_id, id, guest_tenant_id, kind, content, content_hash, expires_on, revoked_at, created_at"
)


def upgrade() -> None:
    _consents()
    _shares()
    _replies()
    _recusals()
    _guests()
    _links()
    _withdrawal()


def _consents() -> None:
    # An ask freezes exactly what would be shared, with whom and why, in the words that the family is shown.
    table(
        "consent_ask",
        """
        pupil_id uuid not null,
        purpose text not null check (purpose in ('lss', 'referral', 'ehc')),
        subject_id uuid not null,
        guest_tenant_id uuid not null references tenant (id),
        guest_name text not null,
        content jsonb not null,
        content_hash bytea not null,
        wording text not null,
        asked_by uuid references person (id),
        asked_at timestamptz not null default now(),
        closed_at timestamptz,
        unique (tenant_id, id, pupil_id),
        foreign key (tenant_id, pupil_id) references pupil (tenant_id, id)""",
    )
    index("consent_ask", "subject_id")
    index("consent_ask", "pupil_id, asked_at desc")
    allow("consent_ask", SCHOOL, "select, insert", RECORDS)
    allow("consent_ask", SCHOOL, "update", RECORDS, columns="closed_at")
    allow("consent_ask", FAMILY, "select", OF_MY_CHILD)
    allow("consent_ask", SYSTEM, "select")
    audited("consent_ask")
    table(
        "consent",
        """
        ask_id uuid not null,
        pupil_id uuid not null,
        given boolean not null,
        method text not null check (method in ('portal', 'paper', 'phone', 'meeting')),
        basis text not null check (basis in ('parental_responsibility', 'young_person', 'delegated_authority')),
        guardianship_id uuid,
        contact_id uuid,
        person_id uuid references person (id),
        said_by text not null,
        content_hash bytea not null,
        wording_hash bytea not null,
        comment text not null default '' check (length(comment) <= 10000),
        told_about_ehc boolean not null default false,
        recorded_by uuid references person (id),
        given_on date not null,
        recorded_at timestamptz not null default now(),
        expires_on date not null,
        unique (tenant_id, id, pupil_id),
        foreign key (tenant_id, ask_id, pupil_id) references consent_ask (tenant_id, id, pupil_id),
        foreign key (tenant_id, guardianship_id, pupil_id) references guardianship (tenant_id, id, pupil_id),
        foreign key (tenant_id, contact_id, pupil_id) references contact (tenant_id, id, pupil_id)""",
    )
    index("consent", "ask_id")
    allow("consent", SCHOOL, "select, insert", RECORDS)
    mine = f"{OF_MY_CHILD} and person_id = (select ctx.person())"
    allow("consent", FAMILY, "select", mine)
    with_responsibility = (
        f"{mine} and method = 'portal' and basis = 'parental_responsibility' and guardianship_id = (select ctx.scope()) "
        "and guardianship_id = any (array(select g.id from guardianship g where g.person_id = (select ctx.person()) "
        "and g.parental_responsibility))"
    )
    allow("consent", FAMILY, "insert", with_responsibility)
    allow("consent", SYSTEM, "select")
    insert_only("consent")
    audited("consent")
    table(
        "consent_withdrawal",
        """
        consent_id uuid not null,
        pupil_id uuid not null,
        method text not null check (method in ('portal', 'paper', 'phone', 'meeting')),
        guardianship_id uuid,
        person_id uuid references person (id),
        said_by text not null,
        recorded_by uuid references person (id),
        withdrawn_at timestamptz not null default now(),
        unique (tenant_id, consent_id),
        foreign key (tenant_id, consent_id, pupil_id) references consent (tenant_id, id, pupil_id)""",
    )
    allow("consent_withdrawal", SCHOOL, "select, insert", RECORDS)
    allow("consent_withdrawal", FAMILY, "select", mine)
    allow(
        "consent_withdrawal",
        FAMILY,
        "insert",
        f"{mine} and method = 'portal' and consent_id = any (array("
        f"select c.id from consent c where c.{OWN}))",
    )
    allow("consent_withdrawal", SYSTEM, "select")
    insert_only("consent_withdrawal")
    audited("consent_withdrawal")


def _shares() -> None:
    table(
        "share",
        """
        guest_tenant_id uuid not null references tenant (id),
        kind text not null check (kind in ('lss', 'referral', 'ehc')),
        pupil_id uuid not null,
        subject_id uuid not null,
        content jsonb not null,
        content_hash bytea not null,
        consent_id uuid,
        other_basis text check (length(other_basis) between 10 and 2000),
        expires_on date not null,
        revoked_at timestamptz,
        revoked_because text,
        created_by uuid references person (id),
        created_at timestamptz not null default now(),
        unique (tenant_id, guest_tenant_id, id),
        check ((consent_id is null) <> (other_basis is null)),
        check (guest_tenant_id <> tenant_id),
        check ((revoked_at is null) = (revoked_because is null)),
        foreign key (tenant_id, consent_id, pupil_id) references consent (tenant_id, id, pupil_id),
        foreign key (tenant_id, pupil_id) references pupil (tenant_id, id)""",
    )
    index("share", "consent_id")
    index("share", "subject_id")
    op.execute("create index ix_share_guest on share (guest_tenant_id, created_at desc)")
    allow("share", SCHOOL, "select, insert", RECORDS)
    allow("share", SCHOOL, "update", RECORDS, columns="revoked_at, revoked_because")
    allow(
        "share",
        FAMILY,
        "select",
        OF_MY_CHILD,
        columns="tenant_id, id, guest_tenant_id, kind, pupil_id, subject_id, content, consent_id, expires_on, "
        "revoked_at, created_at",
    )
    owner_may("share", "select, update")
    owner_may("consent", "select")
    op.execute("""
        create function audit.keep_share() returns trigger language plpgsql as $$
        begin
            if old.revoked_at is not null or (to_jsonb(new) - 'revoked_at' - 'revoked_because')
                is distinct from (to_jsonb(old) - 'revoked_at' - 'revoked_because') then
                raise exception 'a share is revoked once and never changed' using errcode = 'restrict_violation';
            end if;
            return new;
        end $$""")
    op.execute("create trigger keep before update on share for each row execute function audit.keep_share()")
    # A share stands on a consent that was given, for this content and this guest, and was not withdrawn.
    definer(
        "audit.check_share()",
        "trigger",
        """
        begin
            if new.consent_id is not null and not exists (
                select from consent c join consent_ask a on a.tenant_id = c.tenant_id and a.id = c.ask_id
                where c.tenant_id = new.tenant_id and c.id = new.consent_id and c.given
                    and c.content_hash = new.content_hash and a.guest_tenant_id = new.guest_tenant_id
                    and a.subject_id = new.subject_id and c.expires_on >= ctx.today()
                    and not exists (select from consent_withdrawal w where w.tenant_id = c.tenant_id and w.consent_id = c.id))
            then
                raise exception 'no live consent covers this share' using errcode = 'check_violation';
            end if;
            return new;
        end""",
        callers="",
    )
    op.execute(
        "create trigger check_consent before insert on share for each row execute function audit.check_share()"
    )
    owner_may("consent_ask", "select")
    owner_may("consent_withdrawal", "select")
    audited("share")
    table(
        "share_document",
        """
        guest_tenant_id uuid not null,
        share_id uuid not null,
        title text not null,
        filename text not null,
        media_type text not null,
        size_bytes bigint not null,
        sha256 bytea not null,
        clean_key text not null,
        object_version text not null,
        foreign key (tenant_id, guest_tenant_id, share_id) references share (tenant_id, guest_tenant_id, id)""",
    )
    op.execute("create index ix_share_document_guest on share_document (guest_tenant_id, share_id)")
    allow("share_document", SCHOOL, "select, insert", RECORDS)
    allow("share_document", SYSTEM, "select")
    insert_only("share_document")
    audited("share_document")


def _replies() -> None:
    # A guest's own row on a share. The school reads what was issued to it; votes and notes live elsewhere.
    table(
        "reply",
        """
        home_tenant_id uuid not null,
        share_id uuid not null,
        kind text not null check (kind in ('acknowledged', 'accepted', 'declined', 'question', 'report', 'decision', 'not_me')),
        content jsonb not null,
        person_id uuid references person (id),
        author_name text not null,
        author_role text not null default '',
        issued_at timestamptz not null default now(),
        foreign key (home_tenant_id, tenant_id, share_id) references share (tenant_id, guest_tenant_id, id)""",
    )
    index("reply", "share_id")
    op.execute("create index ix_reply_home on reply (home_tenant_id, share_id)")
    insert_only("reply")
    audited("reply")


def _recusals() -> None:
    table(
        "recusal",
        """
        home_tenant_id uuid not null,
        share_id uuid not null,
        person_id uuid not null references person (id),
        kind text not null check (kind in ('own_school', 'declared', 'professional', 'family')),
        reason text not null default '',
        declared_by uuid references person (id),
        declared_at timestamptz not null default now(),
        unique (tenant_id, share_id, person_id),
        foreign key (home_tenant_id, tenant_id, share_id) references share (tenant_id, guest_tenant_id, id)""",
    )
    # The recused person reads only that they are recused, so that the list can say "you have a conflict".
    allow(
        "recusal",
        LOCALITY,
        "select",
        f"{OWN} and (person_id = (select ctx.person()) or (select ctx.roles() && '{{clerk,chair,vice_chair}}'))",
    )
    allow(
        "recusal",
        LOCALITY,
        "insert",
        f"{OWN} and (person_id = (select ctx.person()) or (select ctx.roles() && '{{clerk}}'))",
    )
    allow("recusal", SYSTEM, "select")
    insert_only("recusal")
    audited("recusal")
    owner_may("recusal", "select, insert")
    op.execute("""
        create function ctx.my_recusals() returns setof uuid language sql stable as $$
            select r.share_id from recusal r where r.tenant_id = ctx.tenant() and r.person_id = ctx.person() $$""")
    op.execute(f"grant execute on function ctx.my_recusals to {LOCALITY}")
    # Own-school conflicts are found here, because the panel may not read who works at which school.
    definer(
        "audit.recuse_own_school()",
        "trigger",
        """
        begin
            insert into recusal (tenant_id, id, home_tenant_id, share_id, person_id, kind)
            select new.guest_tenant_id, gen_random_uuid(), new.tenant_id, new.id, guest.person_id, 'own_school'
            from membership guest join membership home on home.person_id = guest.person_id
            where guest.tenant_id = new.guest_tenant_id and guest.status <> 'ended'
                and home.tenant_id = new.tenant_id and home.status <> 'ended'
            on conflict do nothing;
            return null;
        end""",
        callers="",
    )
    op.execute(
        "create trigger recuse after insert on share for each row "
        "when (new.kind = 'lss') execute function audit.recuse_own_school()"
    )
    definer(
        "audit.recuse_new_colleague()",
        "trigger",
        """
        begin
            insert into recusal (tenant_id, id, home_tenant_id, share_id, person_id, kind)
            select s.guest_tenant_id, gen_random_uuid(), s.tenant_id, s.id, new.person_id, 'own_school'
            from share s
            where s.kind = 'lss' and new.status <> 'ended'
                and ((s.tenant_id = new.tenant_id and exists (select from membership m where m.status <> 'ended'
                        and m.tenant_id = s.guest_tenant_id and m.person_id = new.person_id))
                  or (s.guest_tenant_id = new.tenant_id and exists (select from membership m where m.status <> 'ended'
                        and m.tenant_id = s.tenant_id and m.person_id = new.person_id)))
            on conflict do nothing;
            return null;
        end""",
        callers="",
    )
    op.execute(
        "create trigger recuse after insert or update on membership "
        "for each row execute function audit.recuse_new_colleague()"
    )


def _guests() -> None:
    locality = f"{LIVE} and {PANEL} and {NOT_RECUSED.format('id')}"
    allow("share", LOCALITY, "select", locality, columns=GUEST_COLUMNS)
    allow("share", AGENCY, "select", f"{LIVE} and id = (select ctx.scope())", columns=GUEST_COLUMNS)
    allow("share", SYSTEM, "select", f"{OWN} or ({LIVE})")
    for audience in (LOCALITY, AGENCY):
        # The inner SELECT passes through the share's own policy: live, not recused, in scope.
        of_share = f"guest_tenant_id = (select ctx.tenant()) and share_id = any ({SHARES})"
        allow("share_document", audience, "select", of_share)
        mine = f"{OWN} and share_id = any ({SHARES})"
        allow("reply", audience, "select, insert", mine)
    allow(
        "share_document",
        SYSTEM,
        "select",
        f"guest_tenant_id = (select ctx.tenant()) and share_id = any ({SHARES})",
        label="guest",
    )
    allow("reply", SYSTEM, "select", f"{OWN} or home_tenant_id = (select ctx.tenant())")
    allow("reply", SYSTEM, "insert", f"{OWN} and share_id = any ({SHARES})")
    allow("reply", SCHOOL, "select", "home_tenant_id = (select ctx.tenant()) and (select ctx.sees_records())")


def _links() -> None:
    table(
        "link",
        """
        guest_tenant_id uuid not null,
        share_id uuid not null,
        token_hash bytea not null,
        mailbox text not null,
        created_at timestamptz not null default now(),
        expires_on date not null,
        answered_at timestamptz,
        closed_at timestamptz,
        closed_because text,
        foreign key (tenant_id, guest_tenant_id, share_id) references share (tenant_id, guest_tenant_id, id)""",
    )
    op.execute("create unique index uq_link_token_hash on link (token_hash)")
    index("link", "share_id")
    allow("link", SCHOOL, "select, insert", RECORDS)
    allow("link", SCHOOL, "update", RECORDS, columns="closed_at, closed_because")
    allow("link", SYSTEM, "select, insert, update")
    owner_may("link", "select, update")
    audited("link")
    table(
        "link_event",
        """
        link_id uuid not null,
        kind text not null check (kind in ('opened', 'code_sent', 'code_wrong', 'signed_in', 'not_me', 'closed')),
        author_name text not null default '',
        author_role text not null default '',
        at timestamptz not null default now(),
        foreign key (tenant_id, link_id) references link (tenant_id, id)""",
    )
    index("link_event", "link_id, at")
    allow("link_event", SCHOOL, "select", RECORDS)
    owner_may("link_event", "select, insert")
    insert_only("link_event")
    # Who looked at a child's record: written for every page that shows it, read by the family and the school.
    op.execute("""
        create table read_log (
            tenant_id uuid not null references tenant (id),
            id uuid not null,
            pupil_id uuid not null,
            reader_tenant_id uuid references tenant (id),
            reader_name text not null,
            person_id uuid,
            role text not null,
            what text not null,
            safeguarding boolean not null default false,
            at timestamptz not null default now(),
            primary key (tenant_id, id),
            foreign key (tenant_id, pupil_id) references pupil (tenant_id, id))""")
    protect("read_log")
    index("read_log", "pupil_id, at desc")
    allow(
        "read_log", SCHOOL, "select", f"{RECORDS} and (not safeguarding or (select ctx.roles() && '{{dsl}}'))"
    )
    allow(
        "read_log",
        FAMILY,
        "select",
        f"{OF_MY_CHILD} and not safeguarding",
        columns="tenant_id, id, pupil_id, reader_tenant_id, reader_name, role, what, safeguarding, at",
    )
    owner_may("read_log", "select, insert")
    insert_only("read_log")
    # The reader never says whose child it is beyond what they may see: own pupils by id, guests by share.
    definer(
        "ctx.log_read(p_id uuid, p_what text, p_role text, p_pupil uuid, p_share uuid, p_safeguarding boolean)",
        "void",
        """
        begin
            insert into read_log (tenant_id, id, pupil_id, reader_tenant_id, reader_name, person_id, role, what, safeguarding)
            select p.tenant_id, p_id, p.id, ctx.tenant(), t.name, ctx.person(), p_role, p_what, p_safeguarding
            from pupil p join tenant t on t.id = ctx.tenant()
            where (p_share is null and p.tenant_id = ctx.tenant() and p.id = p_pupil)
               or (p.tenant_id, p.id) = (select s.tenant_id, s.pupil_id from share s where s.id = p_share
                   and s.guest_tenant_id = ctx.tenant());
            if not found then raise exception 'nothing was read' using errcode = 'no_data_found'; end if;
        end""",
        callers=f"{SCHOOL}, {LOCALITY}, {AGENCY}, {FAMILY}",
    )


def _withdrawal() -> None:
    # One way to end a share, whoever ends it and why: its link sessions end and its post is stopped
    # in the same transaction.
    definer(
        "audit.end_share()",
        "trigger",
        """
        begin
            update session set ended_at = now() where scope_id = new.id and audience = 'agency' and ended_at is null;
            update link set closed_at = now(), closed_because = new.revoked_because
            where tenant_id = new.tenant_id and share_id = new.id and closed_at is null;
            update outbox_entry set expanded_at = now() where tenant_id = new.tenant_id and share_id = new.id
                and expanded_at is null;
            update delivery d set state = 'cancelled' from outbox_entry e
            where d.author_tenant_id = e.tenant_id and d.entry_id = e.id and e.tenant_id = new.tenant_id
                and e.share_id = new.id and d.state = 'waiting';
            if exists (select from link where tenant_id = new.tenant_id and share_id = new.id and closed_at is null) then
                raise exception 'the link did not close' using errcode = 'check_violation';
            end if;
            return null;
        end""",
        callers="",
    )
    op.execute(
        "create trigger end_share after update of revoked_at on share for each row "
        "when (old.revoked_at is null and new.revoked_at is not null) execute function audit.end_share()"
    )
    definer(
        "audit.withdraw_consent()",
        "trigger",
        """
        declare live int; ended int;
        begin
            if not exists (select from consent c where c.tenant_id = new.tenant_id and c.id = new.consent_id) then
                raise exception 'the consent cannot be seen by its own trigger' using errcode = 'check_violation';
            end if;
            select count(*) into live from share where tenant_id = new.tenant_id and consent_id = new.consent_id
                and revoked_at is null;
            update share set revoked_at = now(), revoked_because = 'consent_withdrawn'
            where tenant_id = new.tenant_id and consent_id = new.consent_id and revoked_at is null;
            get diagnostics ended = row_count;
            if ended < live then
                raise exception 'a share outlived its consent' using errcode = 'check_violation';
            end if;
            return null;
        end""",
        callers="",
    )
    op.execute(
        "create trigger withdraw after insert on consent_withdrawal "
        "for each row execute function audit.withdraw_consent()"
    )


def downgrade() -> None:
    for name in (
        "read_log",
        "link_event",
        "link",
        "recusal",
        "reply",
        "share_document",
        "share",
        "consent_withdrawal",
        "consent",
        "consent_ask",
    ):
        op.execute(f"drop table {name} cascade")
