"""Signing in: attempts counted, codes, second steps, resets, invitations; every secret answer comes from a door function.

Codes by mail are for families and for agencies alike; two functions do it, each in the caller's own short transaction
(`at_the_door()`), so that what they count survives any rollback of the page:

`door.ask_code(p_id, p_purpose, p_subject, p_address, p_email, p_link, p_code_hash)` → `(code_id, is_mailed)`
    `p_id` is made by the caller, `p_code_hash` is `seals.fingerprint("<purpose>:" + seals.code(purpose, p_id))`,
    `p_address` is a keyed hash of whoever is asked for (the address, or the link), `p_subject` one of the same together
    with the network that asks.
    Purpose 'family' takes `p_email` (a person who was once let in to a child), 'agency' takes `p_link` (a live link).
    For a stranger the same row is written and nothing is mailed: nobody can tell the two apart.
    Asked again while a code is good, the same code is mailed again; nothing that was mailed stops working.
    After three mails in an hour no more go out: `is_mailed` is false and `code_id` is the newest one.
    The mail is sent by whoever subscribes to `CodeAsked` (workers/jobs/accounts.py for both purposes).

`door.use_code(p_purpose, p_id, p_code_hashes)` → `(outcome, person_id, tenant_id, link_id)`
    'right' (used up now, and every other code of the subject with it), 'wrong' (counted), 'spent' (five wrong tries)
    or 'over' (run out, used, or never asked for). Any live code of the same subject and purpose is taken: mails may
    overtake each other. A stranger's row answers 'wrong' to everything. One hash for each key that is still good.

Why a stranger locks nobody out: a subject is an address *and* a network. Whoever asks with a parent's address from
elsewhere has codes, mails and tries of their own; the parent's code, three mails an hour and five tries stay untouched.
What is left for an address as a whole is fifteen mails an hour: five hostile networks (/24, or /56 of IPv6) together
may stop new mails for the rest of that hour, but no code that has come. Guessing: a code lives ten minutes and takes
five tries, so three codes are 15 guesses an hour from one network and fifteen are 75 at one address: 1 in 13,000 with
six digits, with fifteen mails that warn. A network has 100 tries an hour at all addresses (app/accounts/attempts.py).

`app.accounts.codes` wraps both; nobody needs to call them by hand.
"""

from alembic import op

from migrations.isolation import (
    LOCALITY,
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

revision = "0005"
down_revision = "0004"

ADMIN = f"{OWN} and (select ctx.roles() && '{{school_admin,clerk}}')"
HERE = "t.slug = p_slug and t.kind in ('school', 'locality') and t.status = 'active'"


def upgrade() -> None:
    _attempts()
    _codes()
    _second_steps()
    _resets()
    _invitations()
    _sessions()
    _memberships()


def _door(signature: str, returns: str, body: str, callers: str = "send_web") -> None:
    definer(f"door.{signature}", returns, f"#variable_conflict use_column\n{body}", callers=callers)


def _attempts() -> None:
    # The key is a keyed hash: neither the addresses that were tried nor networks are kept.
    op.execute("""
        create table attempt (
            key bytea primary key,
            tries int not null,
            started_at timestamptz not null default now())""")
    protect("attempt")
    owner_may("attempt", "select, insert, update, delete")
    _door(
        "count_attempt(p_key bytea, p_limit int, p_window interval)",
        "boolean",
        """
        declare counted int;
        begin
            insert into attempt as a (key, tries) values (p_key, 1)
            on conflict (key) do update set
                tries = case when a.started_at < now() - p_window then 1 else least(a.tries, p_limit) + 1 end,
                started_at = case when a.started_at < now() - p_window then now() else a.started_at end
            returning a.tries into counted;
            return counted <= p_limit;
        end""",
    )
    # Those who knew the secret were no attempt: a school behind one network is not shut out by its own staff.
    _door(
        "forgive_attempt(p_key bytea)",
        "void",
        "begin update attempt set tries = greatest(tries - 1, 0) where key = p_key; end",
    )
    # Kept from the logins: only other door functions write envelopes.
    _door(
        "post(p_tenant uuid, p_kind text, p_payload jsonb, p_person uuid, p_share uuid)",
        "void",
        """
        begin
            insert into outbox_entry (tenant_id, id, for_tenant_id, kind, payload, person_id, share_id)
            values (p_tenant, gen_random_uuid(), p_tenant, p_kind, p_payload, p_person, p_share);
        end""",
        callers="",
    )


def _codes() -> None:
    op.execute("""
        create table email_code (
            id uuid primary key,
            purpose text not null check (purpose in ('family', 'agency')),
            subject bytea not null,
            person_id uuid references person (id),
            tenant_id uuid references tenant (id),
            link_id uuid,
            code_hash bytea not null,
            created_at timestamptz not null default now(),
            expires_at timestamptz not null default now() + interval '10 minutes',
            mails int not null default 1,
            tries int not null default 0,
            used_at timestamptz,
            check (purpose = 'agency' or link_id is null))""")
    op.execute("create index ix_email_code_subject on email_code (subject, created_at)")
    protect("email_code")
    owner_may("email_code", "select, insert, update, delete")
    # The job that mails a code makes it again from the id; it never sees a hash.
    allow(
        "email_code",
        SYSTEM,
        "select",
        columns="id, purpose, person_id, tenant_id, link_id, expires_at, used_at",
    )
    _door(
        "ask_code(p_id uuid, p_purpose text, p_subject bytea, p_address bytea, p_email text, p_link uuid, "
        "p_code_hash bytea)",
        "table (code_id uuid, is_mailed boolean)",
        """
        declare newest uuid; mailed int; may_mail boolean; who record; good uuid;
        begin
            perform pg_advisory_xact_lock(hashtextextended(encode(p_subject, 'hex'), 0));
            select coalesce(sum(mails), 0), (array_agg(id order by created_at desc, id desc))[1] into mailed, newest
            from email_code where subject = p_subject and purpose = p_purpose and created_at > now() - interval '1 hour';
            if mailed >= 3 then return query select newest, false; return; end if;
            may_mail := door.count_attempt(p_address, 15, interval '1 hour');
            if not may_mail and newest is not null then return query select newest, false; return; end if;
            if p_purpose = 'agency' then
                select null::uuid as person, l.tenant_id as tenant, l.id as link, l.share_id as share into who from link l
                join share s on s.tenant_id = l.tenant_id and s.id = l.share_id
                where l.id = p_link and l.closed_at is null and l.expires_on >= ctx.today()
                    and s.revoked_at is null and s.expires_on >= ctx.today();
            else
                -- Once let in, always a code: a parent who is barred later must not learn it from a mail that stays away.
                -- They find a page without a child, as anybody does who has none here.
                select p.id as person, g.tenant_id as tenant, null::uuid as link, null::uuid as share into who from person p
                join guardianship g on g.person_id = p.id and (g.status = 'active' or g.confirmed_at is not null)
                join tenant t on t.id = g.tenant_id and t.status = 'active'
                where p.email = p_email order by g.tenant_id, g.id limit 1;
            end if;
            -- The same code again while it is good for long enough to be read and typed.
            update email_code c set mails = mails + 1 where may_mail and c.id = (select g.id from email_code g
                where g.subject = p_subject and g.purpose = p_purpose and g.used_at is null and g.tries < 5 and g.mails > 0
                    and g.expires_at > now() + interval '3 minutes'
                    and (g.person_id, g.tenant_id) is not distinct from (who.person, who.tenant)
                order by g.created_at desc, g.id desc limit 1)
            returning c.id into good;
            if good is null then
                -- Over the limit there is a row all the same, and no code for it: pages and pace tell nobody anything.
                insert into email_code (id, purpose, subject, person_id, tenant_id, link_id, code_hash, mails)
                values (p_id, p_purpose, p_subject, who.person, case when may_mail then who.tenant end, who.link,
                    p_code_hash, may_mail::int);
            end if;
            if may_mail and who.tenant is not null then
                perform door.post(who.tenant, 'CodeAsked', jsonb_build_object('code_id', coalesce(good, p_id)), who.person,
                    who.share);
            end if;
            return query select coalesce(good, p_id), may_mail;
        end""",
    )
    _door(
        "use_code(p_purpose text, p_id uuid, p_code_hashes bytea[])",
        "table (outcome text, person_id uuid, tenant_id uuid, link_id uuid)",
        """
        declare whose bytea; live int; spent int; hit record;
        begin
            select subject into whose from email_code where id = p_id and purpose = p_purpose;
            if whose is null then return query select 'over', null::uuid, null::uuid, null::uuid; return; end if;
            -- Tries of one subject queue here: five at once are five, not one.
            perform pg_advisory_xact_lock(hashtextextended(encode(whose, 'hex'), 0));
            select count(*) filter (where tries < 5), count(*) filter (where tries >= 5) into live, spent from email_code
            where subject = whose and purpose = p_purpose and used_at is null and expires_at > now();
            if live = 0 then
                return query select case when spent > 0 then 'spent' else 'over' end, null::uuid, null::uuid, null::uuid;
                return;
            end if;
            select c.person_id, c.tenant_id, c.link_id into hit from email_code c
            where c.subject = whose and c.purpose = p_purpose and c.used_at is null and c.expires_at > now()
                and c.tries < 5 and c.tenant_id is not null and c.code_hash = any (p_code_hashes) limit 1;
            if found then
                update email_code set used_at = now() where subject = whose and purpose = p_purpose and used_at is null;
                return query select 'right', hit.person_id, hit.tenant_id, hit.link_id;
                return;
            end if;
            update email_code set tries = tries + 1
            where subject = whose and purpose = p_purpose and used_at is null and expires_at > now();
            return query select 'wrong', null::uuid, null::uuid, null::uuid;
        end""",
    )
    _door(
        "sign_in_family(p_code uuid, p_code_hashes bytea[], p_session uuid, p_token bytea, p_device text)",
        "text",
        """
        declare used record;
        begin
            select * into used from door.use_code('family', p_code, p_code_hashes);
            if used.outcome = 'right' then
                insert into session (id, token_hash, audience, person_id, device, expires_at)
                values (p_session, p_token, 'family', used.person_id, p_device, now() + interval '4 hours');
            end if;
            return used.outcome;
        end""",
    )


def _second_steps() -> None:
    # A password was right; the second factor is still to come. Worth nothing at any other tenant's address.
    table(
        "half_session",
        """
        person_id uuid not null references person (id),
        token_hash bytea not null,
        new_secret bytea,
        created_at timestamptz not null default now(),
        expires_at timestamptz not null default now() + interval '10 minutes',
        used_at timestamptz,
        unique (tenant_id, token_hash)""",
    )
    owner_may("half_session", "select, insert, update, delete")
    _door(
        "find_sign_in(p_slug text, p_email text)",
        "table (person_id uuid, password_hash text)",
        f"""
        begin
            return query select p.id, c.password_hash from person p join credential c on c.person_id = p.id
            join membership m on m.person_id = p.id and m.status = 'active' join tenant t on t.id = m.tenant_id
            where p.email = p_email and {HERE} and c.password_hash is not null;
        end""",
    )
    # The new secret is kept only for somebody who has no confirmed second factor.
    _door(
        "begin_second_step(p_slug text, p_person uuid, p_id uuid, p_half bytea, p_new_secret bytea)",
        "void",
        f"""
        begin
            insert into half_session (tenant_id, id, person_id, token_hash, new_secret)
            select t.id, p_id, p_person, p_half, case when c.totp_confirmed_at is null then p_new_secret end
            from tenant t join membership m on m.tenant_id = t.id and m.person_id = p_person and m.status = 'active'
            join credential c on c.person_id = p_person where {HERE};
        end""",
    )
    _door(
        "find_second_step(p_slug text, p_half bytea)",
        "table (person_id uuid, person_name text, email text, organisation text, totp_secret bytea, new_secret bytea, "
        "last_step bigint)",
        f"""
        begin
            return query select p.id, p.name, p.email, t.name, c.totp_secret, h.new_secret, c.totp_last_step
            from half_session h
            join tenant t on t.id = h.tenant_id join person p on p.id = h.person_id join credential c on c.person_id = p.id
            join membership m on m.tenant_id = t.id and m.person_id = p.id and m.status = 'active'
            where h.token_hash = p_half and {HERE} and h.used_at is null and h.expires_at > now()
                and h.created_at >= c.changed_at and (h.new_secret is null) = (c.totp_confirmed_at is not null);
        end""",
    )
    # Held until the end of the transaction, so that one half becomes one whole.
    _door(
        "hold_second_step(p_slug text, p_half bytea)",
        "uuid",
        """
        begin
            perform from half_session where token_hash = p_half for update;
            return (select s.person_id from door.find_second_step(p_slug, p_half) s);
        end""",
        callers="",
    )
    _door(
        "make_whole(p_half bytea, p_session uuid, p_token bytea, p_device text)",
        "void",
        """
        begin
            insert into session (id, token_hash, audience, tenant_id, person_id, device, expires_at)
            select p_session, p_token, t.kind, t.id, h.person_id, p_device, now() + interval '12 hours'
            from half_session h join tenant t on t.id = h.tenant_id where h.token_hash = p_half;
            update half_session set used_at = now(), new_secret = null where token_hash = p_half;
        end""",
        callers="",
    )
    _door(
        "sign_in(p_slug text, p_half bytea, p_step bigint, p_locked bytea, p_session uuid, p_token bytea, p_device text)",
        "boolean",
        """
        declare who uuid := door.hold_second_step(p_slug, p_half);
        begin
            -- A code is good for one step and a step is good for once, whichever browser is first. The seed comes back
            -- locked with the key of today, so that keys before it can be forgotten one day.
            update credential set totp_last_step = p_step, totp_secret = p_locked where person_id = who and totp_confirmed_at is not null
                and totp_last_step < p_step;
            if not found then return false; end if;
            perform door.make_whole(p_half, p_session, p_token, p_device);
            return true;
        end""",
    )
    _door(
        "sign_in_with_recovery_code(p_slug text, p_half bytea, p_code_hashes bytea[], p_session uuid, p_token bytea, "
        "p_device text)",
        "int",
        """
        declare who uuid := door.hold_second_step(p_slug, p_half);
        begin
            update recovery_code set used_at = now()
            where person_id = who and code_hash = any (p_code_hashes) and used_at is null;
            if not found then return null; end if;
            perform door.make_whole(p_half, p_session, p_token, p_device);
            perform door.post(h.tenant_id, 'RecoveryCodeUsed', jsonb_build_object('person_id', who), who, null)
            from half_session h where h.token_hash = p_half;
            return (select count(*)::int from recovery_code where person_id = who and used_at is null);
        end""",
    )
    _door(
        "set_second_factor(p_slug text, p_half bytea, p_step bigint, p_codes bytea[], p_session uuid, p_token bytea, "
        "p_device text)",
        "boolean",
        """
        declare who uuid := door.hold_second_step(p_slug, p_half);
        begin
            update credential c set totp_secret = h.new_secret, totp_confirmed_at = now(),
                totp_last_step = greatest(c.totp_last_step, p_step)
            from half_session h where h.token_hash = p_half and h.new_secret is not null and c.person_id = who
                and c.totp_confirmed_at is null;
            if not found then return false; end if;
            delete from recovery_code where person_id = who;
            insert into recovery_code (person_id, code_hash) select who, unnest(p_codes);
            perform door.make_whole(p_half, p_session, p_token, p_device);
            return true;
        end""",
    )


def _resets() -> None:
    table(
        "password_reset",
        """
        person_id uuid not null references person (id),
        token_hash bytea not null,
        created_at timestamptz not null default now(),
        expires_at timestamptz not null default now() + interval '30 minutes',
        used_at timestamptz,
        unique (tenant_id, token_hash)""",
    )
    owner_may("password_reset", "select, insert, update, delete")
    allow("password_reset", SYSTEM, "select", columns="tenant_id, id, person_id, expires_at, used_at")
    _door(
        "ask_reset(p_slug text, p_email text, p_id uuid, p_token bytea)",
        "void",
        f"""
        declare who record;
        begin
            select p.id as person, t.id as tenant into who from person p join credential c on c.person_id = p.id
            join membership m on m.person_id = p.id and m.status in ('active', 'invited') join tenant t on t.id = m.tenant_id
            where p.email = p_email and {HERE} and c.password_hash is not null;
            if not found then return; end if;
            insert into password_reset (tenant_id, id, person_id, token_hash) values (who.tenant, p_id, who.person, p_token);
            perform door.post(who.tenant, 'PasswordResetAsked', jsonb_build_object('reset_id', p_id), who.person, null);
        end""",
    )
    _door(
        "find_reset(p_slug text, p_token bytea)",
        "table (person_name text, email text, is_open boolean)",
        f"""
        begin
            return query select p.name, p.email, r.used_at is null and r.expires_at > now() from password_reset r
            join tenant t on t.id = r.tenant_id join person p on p.id = r.person_id where r.token_hash = p_token and {HERE};
        end""",
    )
    # Whoever held a session with the old password holds it no longer, wherever it was.
    _door(
        "use_reset(p_slug text, p_token bytea, p_password_hash text)",
        "boolean",
        f"""
        declare asked record;
        begin
            select r.* into asked from password_reset r join tenant t on t.id = r.tenant_id where r.token_hash = p_token
                and {HERE} and r.used_at is null and r.expires_at > now() for update of r;
            if not found then return false; end if;
            update password_reset set used_at = now() where person_id = asked.person_id and used_at is null;
            update credential set password_hash = p_password_hash, changed_at = now() where person_id = asked.person_id;
            update session set ended_at = now() where person_id = asked.person_id and ended_at is null;
            perform door.post(asked.tenant_id, 'PasswordChanged', jsonb_build_object('person_id', asked.person_id),
                asked.person_id, null);
            return true;
        end""",
    )
    _password_changes()
    # A lost phone: the row says who reset whose second factor, and the trigger does it.
    table(
        "second_factor_reset",
        """
        person_id uuid not null references person (id),
        reset_by uuid not null references person (id),
        reset_at timestamptz not null default now(),
        foreign key (tenant_id, person_id) references membership (tenant_id, person_id)""",
    )
    others = f"{ADMIN} and reset_by = (select ctx.person()) and person_id <> (select ctx.person())"
    for audience in (SCHOOL, LOCALITY):
        allow("second_factor_reset", audience, "insert", others)
    owner_may("second_factor_reset", "select")
    insert_only("second_factor_reset")
    audited("second_factor_reset")
    definer(
        "audit.reset_second_factor()",
        "trigger",
        """
        begin
            if not exists (select from membership m where m.tenant_id = new.tenant_id and m.person_id = new.person_id
                    and m.status = 'active') then
                raise exception 'only of somebody who works here' using errcode = 'check_violation';
            end if;
            update credential set totp_secret = null, totp_confirmed_at = null, changed_at = now()
            where person_id = new.person_id;
            delete from recovery_code where person_id = new.person_id;
            update session set ended_at = now() where person_id = new.person_id and audience in ('school', 'locality')
                and ended_at is null;
            return null;
        end""",
        callers="",
    )
    op.execute(
        "create trigger reset_second_factor after insert on second_factor_reset "
        "for each row execute function audit.reset_second_factor()"
    )


def _password_changes() -> None:
    # The session says whose password it is, so nobody asks for anybody else's.
    _door(
        "find_password(p_token bytea, p_audience text, p_slug text)",
        "table (person_name text, email text, password_hash text)",
        """
        begin
            return query select p.name, p.email, c.password_hash from door.open_session(p_token, p_audience, p_slug, null) o
            join person p on p.id = o.person_id join credential c on c.person_id = p.id
            where p_audience in ('school', 'locality') and c.password_hash is not null;
        end""",
    )
    # Only while the password is still the one that was proved. Other sessions, halves of sessions (by changed_at) and
    # links for a new password end with it, wherever they are; this session goes on.
    _door(
        "change_password(p_token bytea, p_audience text, p_slug text, p_old_hash text, p_password_hash text)",
        "boolean",
        """
        declare me record;
        begin
            select o.person_id as person, o.tenant_id as tenant, o.session_id as session into me
            from door.open_session(p_token, p_audience, p_slug, null) o where p_audience in ('school', 'locality');
            update credential set password_hash = p_password_hash, changed_at = now()
            where person_id = me.person and password_hash = p_old_hash;
            if not found then return false; end if;
            update password_reset set used_at = now() where person_id = me.person and used_at is null;
            update session set ended_at = now() where person_id = me.person and id <> me.session and ended_at is null;
            perform door.post(me.tenant, 'PasswordChanged', jsonb_build_object('person_id', me.person), me.person, null);
            return true;
        end""",
    )


def _invitations() -> None:
    table(
        "invitation",
        """
        person_id uuid not null references person (id),
        token_hash bytea not null,
        invited_by uuid references person (id),
        created_at timestamptz not null default now(),
        expires_at timestamptz not null,
        accepted_at timestamptz,
        cancelled_at timestamptz,
        version int not null default 1,
        unique (tenant_id, token_hash),
        foreign key (tenant_id, person_id) references membership (tenant_id, person_id)""",
    )
    index("invitation", "person_id, created_at desc")
    for audience in (SCHOOL, LOCALITY):
        allow("invitation", audience, "select, insert", ADMIN)
        # Whom it is for stays: a link that came to one mailbox opens nobody else's account.
        allow(
            "invitation", audience, "update", ADMIN, columns="token_hash, expires_at, cancelled_at, version"
        )
    allow("invitation", SYSTEM, "select")
    owner_may("invitation", "select, insert, update")
    audited("invitation")
    # One human, one address, one account: somebody known elsewhere is not made twice, nor renamed.
    _door(
        "person_called(p_id uuid, p_email text, p_name text)",
        "uuid",
        """
        begin
            insert into person (id, email, name) values (p_id, p_email, p_name) on conflict do nothing;
            return (select p.id from person p where p.email = p_email);
        end""",
    )
    _door(
        "find_invitation(p_slug text, p_token bytea)",
        "table (invitation_id uuid, tenant_id uuid, token_hash bytea, person_name text, email text, roles text[], password_hash text, "
        "is_open boolean)",
        f"""
        begin
            return query select i.id, i.tenant_id, i.token_hash, p.name, p.email, m.roles, c.password_hash,
                i.accepted_at is null and i.cancelled_at is null and i.expires_at > now() and m.status = 'invited'
            from invitation i join tenant t on t.id = i.tenant_id join person p on p.id = i.person_id
            join membership m on m.tenant_id = i.tenant_id and m.person_id = i.person_id
            left join credential c on c.person_id = p.id where i.token_hash = p_token and {HERE};
        end""",
    )
    # A password is only ever set where there is none: an invitation is no way into an account that exists. The caller
    # has checked that the token is one that we made for this very id here: admins write the rows.
    _door(
        "accept_invitation(p_slug text, p_invitation uuid, p_token bytea, p_password_hash text, p_id uuid, p_half bytea, "
        "p_new_secret bytea)",
        "boolean",
        f"""
        declare asked record;
        begin
            select i.* into asked from invitation i join tenant t on t.id = i.tenant_id
                where i.id = p_invitation and i.token_hash = p_token and {HERE} and i.accepted_at is null and i.cancelled_at is null and i.expires_at > now() for update of i;
            if not found then return false; end if;
            if p_password_hash is not null then
                insert into credential as c (person_id, password_hash) values (asked.person_id, p_password_hash)
                on conflict (person_id) do update set password_hash = excluded.password_hash, changed_at = now()
                    where c.password_hash is null;
                if not found then return false; end if;
            elsif not exists (select from credential where person_id = asked.person_id and password_hash is not null) then
                return false;
            end if;
            update membership set status = 'active', version = version + 1
            where tenant_id = asked.tenant_id and person_id = asked.person_id and status = 'invited';
            if not found then raise exception 'nobody was waiting for this invitation' using errcode = 'check_violation'; end if;
            update invitation set accepted_at = now(), version = version + 1
            where tenant_id = asked.tenant_id and id = asked.id;
            perform door.begin_second_step(p_slug, asked.person_id, p_id, p_half, p_new_secret);
            return true;
        end""",
    )
    # The operator's only way in for people: while an organisation has no active admin.
    _door(
        "invite_first_admin(p_tenant uuid, p_person uuid, p_email text, p_name text, p_membership uuid, "
        "p_invitation uuid, p_token bytea)",
        "boolean",
        """
        declare who uuid; task text;
        begin
            select case kind when 'school' then 'school_admin' when 'locality' then 'clerk' end into task
            from tenant where id = p_tenant and status = 'active' for no key update;
            if task is null or exists (select from membership m where m.tenant_id = p_tenant and m.status = 'active'
                    and m.roles @> array[task]) then
                return false;
            end if;
            who := door.person_called(p_person, p_email, p_name);
            insert into membership as m (tenant_id, id, person_id, roles) values (p_tenant, p_membership, who, array[task])
            on conflict (tenant_id, person_id) do update set roles = array[task], status = 'invited', version = m.version + 1;
            update invitation set cancelled_at = now() where tenant_id = p_tenant and person_id = who
                and accepted_at is null and cancelled_at is null;
            insert into invitation (tenant_id, id, person_id, token_hash, expires_at)
            values (p_tenant, p_invitation, who, p_token, now() + interval '7 days');
            perform door.post(p_tenant, 'PersonInvited', jsonb_build_object('invitation_id', p_invitation), null, null);
            return true;
        end""",
        callers="send_worker",
    )


def _sessions() -> None:
    mine = """s.person_id = me.person_id and s.audience = me.audience and s.tenant_id is not distinct from me.tenant_id
        and s.scope_id is not distinct from me.scope_id and s.ended_at is null and s.expires_at > now()
        and s.seen_at > now() - interval '30 minutes'"""
    known = """me from door.open_session(p_token, p_audience, p_slug, null) o
        join session x on x.id = o.session_id"""
    _door(
        "list_sessions(p_token bytea, p_audience text, p_slug text)",
        "table (id uuid, device text, created_at timestamptz, seen_at timestamptz, is_this boolean)",
        f"""
        declare me session;
        begin
            select x.* into {known};
            return query select s.id, s.device, s.created_at, s.seen_at, s.id = me.id from session s where {mine}
            order by s.id = me.id desc, s.seen_at desc, s.id;
        end""",
    )
    # One of my other sessions here, or with no id all of them.
    _door(
        "end_sessions(p_token bytea, p_audience text, p_slug text, p_id uuid)",
        "int",
        f"""
        declare me session; ended int;
        begin
            select x.* into {known};
            update session s set ended_at = now() where {mine} and s.id <> me.id and (p_id is null or s.id = p_id);
            get diagnostics ended = row_count;
            return ended;
        end""",
    )
    owner_may("session", "delete")
    _door(
        "sweep_sign_in()",
        "void",
        """
        begin
            delete from attempt where started_at < now() - interval '1 day';
            delete from email_code where created_at < now() - interval '1 day';
            delete from half_session where created_at < now() - interval '1 day';
            delete from password_reset where created_at < now() - interval '30 days';
            delete from session where expires_at < now() - interval '30 days';
            delete from idempotency_key where created_at < now() - interval '7 days';
        end""",
        callers="send_worker",
    )


def _memberships() -> None:
    # Whatever a page or a race tries: nobody changes their own roles, and somebody is always left to let others in.
    definer(
        "audit.guard_membership()",
        "trigger",
        """
        begin
            if new.person_id = ctx.person() and new.roles is distinct from old.roles then
                raise exception 'nobody changes their own roles' using errcode = 'restrict_violation';
            end if;
            if new.status = 'active' and old.status <> 'active'
                    and current_setting('role', true) in ('send_school', 'send_locality') then
                raise exception 'whoever is invited accepts for themselves' using errcode = 'restrict_violation';
            end if;
            if old.status = 'active' and old.roles && '{school_admin,clerk}'
                    and (new.status <> 'active' or not new.roles && '{school_admin,clerk}') then
                perform from tenant where id = new.tenant_id for no key update;
                if not exists (select from membership m where m.tenant_id = new.tenant_id and m.id <> new.id
                        and m.status = 'active' and m.roles && '{school_admin,clerk}') then
                    raise exception 'the last admin cannot leave' using errcode = 'restrict_violation';
                end if;
            end if;
            if new.status = 'ended' then
                update session set ended_at = now() where tenant_id = new.tenant_id and person_id = new.person_id
                    and ended_at is null;
            end if;
            return null;
        end""",
        callers="",
    )
    op.execute(
        "create trigger guard_membership after update on membership "
        "for each row execute function audit.guard_membership()"
    )


def downgrade() -> None:
    op.execute("drop trigger guard_membership on membership")
    op.execute("drop policy owner_delete on session")
    for name in (
        "invitation",
        "second_factor_reset",
        "password_reset",
        "half_session",
        "email_code",
        "attempt",
    ):
        op.execute(f"drop table {name} cascade")
    op.execute("""
        drop function door.count_attempt, door.forgive_attempt, door.post, door.ask_code, door.use_code,
            door.sign_in_family, door.find_sign_in, door.begin_second_step, door.find_second_step, door.hold_second_step,
            door.make_whole, door.sign_in, door.sign_in_with_recovery_code, door.set_second_factor, door.ask_reset,
            door.find_reset, door.use_reset, door.find_password, door.change_password, door.person_called,
            door.find_invitation, door.accept_invitation, door.invite_first_admin, door.list_sessions, door.end_sessions, door.sweep_sign_in,
            audit.reset_second_factor, audit.guard_membership""")
