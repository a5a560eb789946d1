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
BY_SENDCO = f"{OWN} and (select ctx.roles() && '{{sendco}}')"
SENDS = f"{OWN} and (select ctx.roles() && '{{sendco,headteacher}}')"
ME = "(select ctx.person())"
MY_CONTACTS = f"array(select g.contact_id from guardianship g where g.{OWN} and g.person_id = {ME})"
LIVE = "guest_tenant_id = (select ctx.tenant()) and revoked_at is null and expires_on >= (select ctx.today())"
PANEL = "(select ctx.roles() && '{clerk,chair,vice_chair,member}')"
NOT_RECUSED = "not ({} = any (array(select ctx.my_recusals())))"
SHARES = "array(select s.id from share s where s.guest_tenant_id = (select ctx.tenant()))"
# A panel decides and asks, through those who preside; an agency never issues a decision.
SAYS = {
    LOCALITY: "kind in ('acknowledged', 'question', 'decision') and (select ctx.roles() && '{clerk,chair,vice_chair}')",
    AGENCY: "kind in ('acknowledged', 'accepted', 'declined', 'question', 'report', 'not_me')",
}
LINK_COLUMNS = (
    "tenant_id, id, guest_tenant_id, share_id, created_at, expires_on, answered_at, closed_at, closed_because"
)
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
    op.execute(
        "create unique index uq_consent_ask_open on consent_ask (tenant_id, subject_id) where closed_at is null"
    )
    allow("consent_ask", SCHOOL, "select", RECORDS)
    allow("consent_ask", SCHOOL, "insert", f"{BY_SENDCO} and asked_by = {ME}")
    allow("consent_ask", SCHOOL, "update", BY_SENDCO, columns="closed_at")
    allow("consent_ask", FAMILY, "select", OF_MY_CHILD)
    allow("consent_ask", SYSTEM, "select")
    owner_may("consent_ask", "select")
    audited("consent_ask")
    op.execute("""
        create function audit.keep_ask() returns trigger language plpgsql as $$
        begin
            if old.closed_at is not null or (to_jsonb(new) - 'closed_at') is distinct from (to_jsonb(old) - 'closed_at') then
                raise exception 'an ask is closed once and never changed' using errcode = 'restrict_violation';
            end if;
            return new;
        end $$""")
    op.execute(
        "create trigger keep before update on consent_ask for each row execute function audit.keep_ask()"
    )
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
        check (expires_on > given_on and expires_on <= given_on + interval '2 years'),
        check ((method = 'portal') = (guardianship_id is not null and person_id is not null and recorded_by is null)),
        check (method = 'portal' or (guardianship_id is null and person_id is null)),
        foreign key (tenant_id, ask_id, pupil_id) references consent_ask (tenant_id, id, pupil_id),
        foreign key (tenant_id, guardianship_id, pupil_id) references guardianship (tenant_id, id, pupil_id),
        foreign key (tenant_id, contact_id, pupil_id) references contact (tenant_id, id, pupil_id)""",
    )
    index("consent", "ask_id")
    allow("consent", SCHOOL, "select", RECORDS)
    # Staff write down what an adult told them, in their own name: never in the name of the portal.
    by_staff = f"method <> 'portal' and recorded_by = {ME}"
    allow("consent", SCHOOL, "insert", f"{BY_SENDCO} and {by_staff} and basis = 'parental_responsibility'")
    # An adult reads their own answers, whoever wrote them down; never another adult's.
    allow("consent", FAMILY, "select", f"{OF_MY_CHILD} and contact_id = any ({MY_CONTACTS})")
    in_portal = (
        f"{OF_MY_CHILD} and person_id = {ME} and method = 'portal' and guardianship_id = (select ctx.scope())"
    )
    with_responsibility = (
        f"{in_portal} and basis = 'parental_responsibility' and guardianship_id = any (array("
        f"select g.id from guardianship g where g.{OWN} and g.person_id = {ME} and g.parental_responsibility))"
    )
    allow("consent", FAMILY, "insert", with_responsibility)
    allow("consent", SYSTEM, "select")
    owner_may("consent", "select")
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
        check ((method = 'portal') = (person_id is not null and recorded_by is null)),
        foreign key (tenant_id, consent_id, pupil_id) references consent (tenant_id, id, pupil_id)""",
    )
    allow("consent_withdrawal", SCHOOL, "select", RECORDS)
    allow("consent_withdrawal", SCHOOL, "insert", f"{RECORDS} and {by_staff} and guardianship_id is null")
    # The inner SELECT passes through the policy of consent: only the adult's own answers.
    my_answers = f"consent_id = any (array(select c.id from consent c where c.{OWN}))"
    allow("consent_withdrawal", FAMILY, "select", f"{OF_MY_CHILD} and {my_answers}")
    allow("consent_withdrawal", FAMILY, "insert", f"{in_portal} and {my_answers}")
    allow("consent_withdrawal", SYSTEM, "select")
    owner_may("consent_withdrawal", "select")
    insert_only("consent_withdrawal")
    op.execute(
        "create trigger sign before insert on consent_withdrawal "
        "for each row execute function audit.sign_answer('withdrawn_at')"
    )
    audited("consent_withdrawal")
    _answers()


def _answers() -> None:
    # Whose last answer stands against sharing: a refusal not taken back, or a yes that was. Asking again in other words
    # does not make a no unsaid: it stands for the same child, purpose and guest until that same adult says yes, and
    # counts for as long as they have responsibility.
    op.execute("""
        create function audit.objections(p_tenant uuid, p_ask uuid) returns bigint language sql stable as $$
            select count(*) from (
                select distinct on (c.contact_id) c.id, c.given, c.contact_id from consent_ask a
                join consent_ask b on b.tenant_id = a.tenant_id and b.pupil_id = a.pupil_id and b.purpose = a.purpose
                    and b.guest_tenant_id = a.guest_tenant_id
                join consent c on c.tenant_id = b.tenant_id and c.ask_id = b.id
                where a.tenant_id = p_tenant and a.id = p_ask
                order by c.contact_id, c.recorded_at desc, c.id desc) last
            left join consent_withdrawal w on w.tenant_id = p_tenant and w.consent_id = last.id
            where (w.id is null) = (not last.given) and (last.contact_id is null or exists (
                select from contact adult where adult.tenant_id = p_tenant and adult.id = last.contact_id
                    and adult.parental_responsibility and (adult.ended_on is null or adult.ended_on > ctx.today()))) $$""")
    # Whoever prepares what is refused does not also say that the one who refuses has no say: a lead who is not the
    # SENDCO changes the responsibility of such an adult, or ends the contact.
    definer(
        "ctx.objectors()",
        "setof uuid",
        """
        begin
            return query select last.contact_id from (
                select distinct on (c.contact_id, a.purpose, a.guest_tenant_id) c.tenant_id, c.id, c.given, c.contact_id
                from consent c join consent_ask a on a.tenant_id = c.tenant_id and a.id = c.ask_id
                where c.tenant_id = ctx.tenant() and c.contact_id is not null
                order by c.contact_id, a.purpose, a.guest_tenant_id, c.recorded_at desc, c.id desc) last
            left join consent_withdrawal w on w.tenant_id = last.tenant_id and w.consent_id = last.id
            where (w.id is null) = (not last.given);
        end""",
        callers=SCHOOL,
    )
    op.execute("""
        create function audit.keep_objector() returns trigger language plpgsql as $$
        begin
            if current_user = 'send_school'
                and (ctx.roles() && '{sendco}' or not ctx.roles() && '{headteacher,dsl}')
                and old.id in (select ctx.objectors())
            then
                raise exception 'of an adult who says no, a lead changes responsibility'
                    using errcode = 'restrict_violation';
            end if;
            return new;
        end $$""")
    op.execute(
        "create trigger keep_objector before update of parental_responsibility, ended_on on contact for each row when "
        "((old.parental_responsibility, old.ended_on) is distinct from (new.parental_responsibility, new.ended_on)) "
        "execute function audit.keep_objector()"
    )
    # Answering, withdrawing and sharing queue here: a share that begins while the consent is being withdrawn sees the
    # withdrawal, or is seen by it, also when it is about an earlier ask.
    op.execute("""
        create function audit.queue_for_ask(p_tenant uuid, p_ask uuid) returns void language sql as $$
            select pg_advisory_xact_lock(hashtextextended(concat_ws(' ', 'consent_ask', pupil_id, purpose, guest_tenant_id), 0))
            from consent_ask where tenant_id = p_tenant and id = p_ask $$""")
    definer(
        "audit.check_consent()",
        "trigger",
        """
        declare ask record;
        begin
            perform audit.queue_for_ask(new.tenant_id, new.ask_id);
            select a.content_hash, a.wording, a.closed_at into strict ask from consent_ask a
            where a.tenant_id = new.tenant_id and a.id = new.ask_id;
            -- For a school and a family; what an operator restores keeps its time.
            if current_setting('role', true) in ('send_school', 'send_family') then
                new.recorded_at := clock_timestamp();
            end if;
            if new.guardianship_id is not null then
                select g.contact_id, c.name into strict new.contact_id, new.said_by from guardianship g
                join contact c on c.tenant_id = g.tenant_id and c.id = g.contact_id
                where g.tenant_id = new.tenant_id and g.id = new.guardianship_id and g.pupil_id = new.pupil_id;
            end if;
            if new.basis = 'parental_responsibility' and not exists (
                select from contact c where c.tenant_id = new.tenant_id and c.id = new.contact_id
                    and c.pupil_id = new.pupil_id and c.parental_responsibility
                    and (c.ended_on is null or c.ended_on > ctx.today()))
            then
                raise exception 'only an adult with parental responsibility answers' using errcode = 'check_violation';
            end if;
            if ask.closed_at is not null or ask.content_hash <> new.content_hash
                or sha256(convert_to(ask.wording, 'UTF8')) <> new.wording_hash or new.given_on > ctx.today()
            then
                raise exception 'the answer is not to what is being asked now' using errcode = 'check_violation';
            end if;
            if exists (
                select from consent c where c.tenant_id = new.tenant_id and c.ask_id = new.ask_id and c.given
                    and c.contact_id = new.contact_id and c.expires_on >= ctx.today() and not exists (
                    select from consent_withdrawal w where w.tenant_id = c.tenant_id and w.consent_id = c.id))
            then
                raise exception 'a yes is withdrawn, not answered over' using errcode = 'check_violation';
            end if;
            return new;
        end""",
        callers="",
    )
    op.execute(
        "create trigger check_answer before insert on consent for each row execute function audit.check_consent()"
    )


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
    allow("share", SCHOOL, "select", RECORDS)
    # Another basis than consent is no school's to write: whoever adds a way to record one opens this for it.
    allow("share", SCHOOL, "insert", f"{SENDS} and created_by = {ME} and consent_id is not null")
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
    # A share stands on a consent that was given for exactly this content, guest and purpose, was not withdrawn,
    # is not older than the last ask, and that no other adult with responsibility speaks against.
    definer(
        "audit.check_share()",
        "trigger",
        """
        declare asked uuid;
        begin
            if not exists (
                select from tenant guest join tenant home on home.id = new.tenant_id
                where guest.id = new.guest_tenant_id and guest.status = 'active'
                    and case new.kind when 'lss' then guest.id = home.locality_id else guest.kind = 'agency' end)
            then
                raise exception 'this guest is not for this kind of share' using errcode = 'check_violation';
            end if;
            -- For a school, which alone opens shares: what an operator restores comes in the order of a dump.
            if new.kind = 'lss' and current_setting('role', true) = 'send_school' and not exists (
                select from lss_request r where r.tenant_id = new.tenant_id and r.id = new.subject_id
                    and r.pupil_id = new.pupil_id and r.status = 'authorised' and r.authorised_by is not null)
            then
                raise exception 'no headteacher has authorised this request' using errcode = 'check_violation';
            end if;
            if new.consent_id is null then return new; end if;
            select c.ask_id into asked from consent c where c.tenant_id = new.tenant_id and c.id = new.consent_id;
            perform audit.queue_for_ask(new.tenant_id, asked);
            if audit.objections(new.tenant_id, asked) > 0 or not exists (
                select from consent c join consent_ask a on a.tenant_id = c.tenant_id and a.id = c.ask_id
                where c.tenant_id = new.tenant_id and c.id = new.consent_id and c.given
                    and c.content_hash = new.content_hash and a.content = new.content
                    and a.guest_tenant_id = new.guest_tenant_id and a.purpose = new.kind
                    and a.subject_id = new.subject_id and a.closed_at is null
                    and c.expires_on >= ctx.today() and c.expires_on >= new.expires_on
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
    allow("share_document", SCHOOL, "select", RECORDS)
    allow("share_document", SCHOOL, "insert", SENDS)
    allow("share_document", SYSTEM, "select")
    insert_only("share_document")
    # Only a checked document of this very child, named in what the family read, leaves the school.
    op.execute("create policy owner_select_to_share on document for select to send_owner using (true)")
    definer(
        "audit.check_share_document()",
        "trigger",
        """
        begin
            if not exists (
                select from share s join document d on d.tenant_id = s.tenant_id and d.pupil_id = s.pupil_id
                where s.tenant_id = new.tenant_id and s.id = new.share_id and s.revoked_at is null
                    and d.status = 'clean' and d.sha256 = new.sha256 and d.clean_key = new.clean_key
                    and d.object_version = new.object_version
                    and s.content -> 'documents' @> jsonb_build_array(
                        jsonb_build_object('sha256', encode(new.sha256, 'hex'))))
            then
                raise exception 'this document is not part of what was agreed' using errcode = 'check_violation';
            end if;
            return new;
        end""",
        callers="",
    )
    op.execute(
        "create trigger check_document before insert on share_document "
        "for each row execute function audit.check_share_document()"
    )
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
        check (length(reason) <= 2000 and (kind in ('own_school', 'family') or reason <> '')),
        foreign key (tenant_id, person_id) references membership (tenant_id, person_id),
        foreign key (home_tenant_id, tenant_id, share_id) references share (tenant_id, guest_tenant_id, id)""",
    )
    # A definer, because the policy of recusals asks it too and would otherwise call itself for ever.
    definer(
        "ctx.my_recusals()",
        "setof uuid",
        "select r.share_id from recusal r where r.tenant_id = ctx.tenant() and r.person_id = ctx.person()",
        callers=LOCALITY,
        language="sql",
    )
    op.execute("alter function ctx.my_recusals stable")
    # Clerk and presiders read who is recused from the items that they themselves may see: a reason can tell as much as
    # the item. The recused read no row of their own: that they are family would tell a barred parent of the request.
    allow(
        "recusal",
        LOCALITY,
        "select",
        f"{OWN} and (select ctx.roles() && '{{clerk,chair,vice_chair}}') and {NOT_RECUSED.format('share_id')}",
        columns="tenant_id, id, share_id, person_id, kind, reason, declared_by, declared_at",
    )
    # Own-school conflicts are only ever found, by the triggers below; whoever declares one signs it.
    allow(
        "recusal",
        LOCALITY,
        "insert",
        f"{OWN} and kind <> 'own_school' and declared_by = (select ctx.person()) "
        "and (person_id = (select ctx.person()) or (select ctx.roles() && '{clerk}'))",
    )
    allow("recusal", SYSTEM, "select")
    insert_only("recusal")
    audited("recusal")
    owner_may("recusal", "select, insert")
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
            insert into recusal (tenant_id, id, home_tenant_id, share_id, person_id, kind)
            select new.guest_tenant_id, gen_random_uuid(), new.tenant_id, new.id, guest.person_id, 'family'
            from membership guest join guardianship link on link.person_id = guest.person_id
            where guest.tenant_id = new.guest_tenant_id and guest.status <> 'ended'
                and link.tenant_id = new.tenant_id and link.pupil_id = new.pupil_id
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
        "audit.recuse_new_guardian()",
        "trigger",
        """
        begin
            insert into recusal (tenant_id, id, home_tenant_id, share_id, person_id, kind)
            select s.guest_tenant_id, gen_random_uuid(), s.tenant_id, s.id, new.person_id, 'family'
            from share s join membership m on m.tenant_id = s.guest_tenant_id and m.person_id = new.person_id
            where s.kind = 'lss' and m.status <> 'ended' and s.tenant_id = new.tenant_id and s.pupil_id = new.pupil_id
            on conflict do nothing;
            return null;
        end""",
        callers="",
    )
    op.execute(
        "create trigger recuse after insert or update of person_id on guardianship "
        "for each row execute function audit.recuse_new_guardian()"
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
            insert into recusal (tenant_id, id, home_tenant_id, share_id, person_id, kind)
            select s.guest_tenant_id, gen_random_uuid(), s.tenant_id, s.id, new.person_id, 'family'
            from share s join guardianship link on link.tenant_id = s.tenant_id and link.pupil_id = s.pupil_id
            where s.kind = 'lss' and new.status <> 'ended' and s.guest_tenant_id = new.tenant_id
                and link.person_id = new.person_id
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
        allow("reply", audience, "select", mine)
        allow(
            "reply",
            audience,
            "insert",
            f"{mine} and (person_id is null or person_id = {ME}) and {SAYS[audience]}",
        )
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
    # Sending again closes the old link first: there is never a second way in.
    op.execute("create unique index uq_link_open on link (tenant_id, share_id) where closed_at is null")
    # A link is made by a job: nobody at the school chooses the mailbox or reads what is stored of the token.
    allow("link", SCHOOL, "select", RECORDS, columns=LINK_COLUMNS)
    allow("link", SCHOOL, "update", SENDS, columns="closed_at, closed_because")
    allow("link", SYSTEM, "select, insert")
    allow("link", SYSTEM, "update", columns="expires_on, answered_at, closed_at, closed_because")
    owner_may("link", "select, update")
    audited("link")
    # Closed is closed, and whoever came in through it is out.
    definer(
        "audit.keep_link()",
        "trigger",
        """
        begin
            if old.closed_at is not null then
                raise exception 'a closed link is never opened again' using errcode = 'restrict_violation';
            end if;
            if new.closed_at is not null then
                update session set ended_at = now() where scope_id = new.share_id and audience = 'agency'
                    and ended_at is null;
            end if;
            return new;
        end""",
        callers="",
    )
    op.execute("create trigger keep before update on link for each row execute function audit.keep_link()")
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
    # "I am not the right person" is a reply; the link dies with it, in the same transaction.
    definer(
        "audit.close_link_of_stranger()",
        "trigger",
        """
        begin
            insert into link_event (tenant_id, id, link_id, kind, author_name, author_role)
            select tenant_id, gen_random_uuid(), id, 'not_me', new.author_name, new.author_role
            from link where tenant_id = new.home_tenant_id and share_id = new.share_id and closed_at is null;
            update link set closed_at = now(), closed_because = 'wrong_person'
            where tenant_id = new.home_tenant_id and share_id = new.share_id and closed_at is null;
            return null;
        end""",
        callers="",
    )
    op.execute(
        "create trigger close_link after insert on reply for each row "
        "when (new.kind = 'not_me') execute function audit.close_link_of_stranger()"
    )
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
                   and s.guest_tenant_id = ctx.tenant() and s.revoked_at is null and s.expires_on >= ctx.today()
                   and case current_setting('role', true) when 'send_agency' then s.id = ctx.scope()
                       else ctx.roles() && '{clerk,chair,vice_chair,member}'
                           and s.id <> all (array(select ctx.my_recusals())) end);
            if not found then raise exception 'nothing was read' using errcode = 'no_data_found'; end if;
        end""",
        callers=f"{SCHOOL}, {LOCALITY}, {AGENCY}",  # a family's own reading is not noted
    )


def _withdrawal() -> None:
    op.execute("create index ix_outbox_entry_share_id on outbox_entry (share_id) where share_id is not null")
    # One way to end a share, whoever ends it and why: its link sessions end and its post is stopped
    # in the same transaction.
    definer(
        "audit.end_share()",
        "trigger",
        """
        begin
            -- The post first: it waits for a letter that is being carried now, whose link is then closed below.
            -- What the guest has posted about it, too.
            update outbox_entry set expanded_at = now() where share_id = new.id
                and tenant_id in (new.tenant_id, new.guest_tenant_id) and expanded_at is null;
            update delivery d set state = 'cancelled' from outbox_entry e
            where d.author_tenant_id = e.tenant_id and d.entry_id = e.id and e.share_id = new.id
                and e.tenant_id in (new.tenant_id, new.guest_tenant_id) and d.state = 'waiting';
            -- Whoever is signing in now holds the link: waited for, then signed out.
            update link set closed_at = now(), closed_because = new.revoked_because
            where tenant_id = new.tenant_id and share_id = new.id and closed_at is null;
            update session set ended_at = now() where scope_id = new.id and audience = 'agency' and ended_at is null;
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
    # A yes taken back by one adult ends whatever was shared about it, on whosever yes it was opened.
    definer(
        "audit.withdraw_consent()",
        "trigger",
        """
        declare taken_back record; live int; ended int;
        begin
            select c.given, c.ask_id, a.subject_id into taken_back
            from consent c join consent_ask a on a.tenant_id = c.tenant_id and a.id = c.ask_id
            where c.tenant_id = new.tenant_id and c.id = new.consent_id;
            if not found then
                raise exception 'the consent cannot be seen by its own trigger' using errcode = 'check_violation';
            end if;
            -- A no is taken back by saying yes: by that adult, to what is asked then.
            if not taken_back.given then
                raise exception 'only a yes is taken back' using errcode = 'restrict_violation';
            end if;
            perform audit.queue_for_ask(new.tenant_id, taken_back.ask_id);
            select count(*) into live from share s where s.tenant_id = new.tenant_id and s.pupil_id = new.pupil_id
                and s.subject_id = taken_back.subject_id and s.consent_id is not null and s.revoked_at is null;
            update share s set revoked_at = now(), revoked_because = 'consent_withdrawn'
            where s.tenant_id = new.tenant_id and s.pupil_id = new.pupil_id
                and s.subject_id = taken_back.subject_id and s.consent_id is not null and s.revoked_at is null;
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
