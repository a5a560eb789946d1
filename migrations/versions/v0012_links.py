"""What an agency's link may ask at the door: whether it is open, for a code, and to be let in with one."""

from alembic import op

from migrations.isolation import AGENCY, OWN, allow, definer
from migrations.versions.v0008_documents import ANNOUNCED

revision = "0012"
down_revision = "0011"

# Live today: neither closed nor run out, nor what it leads to.
LIVE = """l.closed_at is null and l.expires_on >= ctx.today() and s.revoked_at is null and s.expires_on >= ctx.today()
    and exists (select from tenant t where t.id = l.guest_tenant_id and t.status = 'active')
    and exists (select from tenant t where t.id = l.tenant_id and t.status = 'active')"""
# The inner SELECT passes through the policy of shares: the one of this session, and only while it is live.
OF_MY_SHARE = f"{OWN} and share_id = any (array(select s.id from share s where s.guest_tenant_id = (select ctx.tenant())))"
LINK = "link l join share s on s.tenant_id = l.tenant_id and s.id = l.share_id"


def upgrade() -> None:
    _documents()
    # No row: there never was such a link. A read of the link is noted for the school, once an hour (robots in mail
    # systems open links again and again), and is all that a GET writes.
    _door(
        "open_link(p_token bytea, p_noted boolean)",
        "table (link_id uuid, is_open boolean)",
        f"""
        begin
            if p_noted then
                insert into link_event (tenant_id, id, link_id, kind)
                select l.tenant_id, gen_random_uuid(), l.id, 'opened' from {LINK} where l.token_hash = p_token and {LIVE}
                    and not exists (select from link_event e where e.tenant_id = l.tenant_id and e.link_id = l.id
                        and e.kind = 'opened' and e.at > now() - interval '1 hour');
            end if;
            return query select l.id, {LIVE} from {LINK} where l.token_hash = p_token;
        end""",
    )
    # No code: the link is closed. The mail goes to the registered mailbox, at most three in an hour for one network.
    _door(
        "ask_link_code(p_token bytea, p_id uuid, p_subject bytea, p_address bytea, p_code_hash bytea)",
        "uuid",
        f"""
        declare found_link record; asked record;
        begin
            select l.tenant_id, l.id into found_link from {LINK} where l.token_hash = p_token and {LIVE};
            if not found then return null; end if;
            select * into asked from door.ask_code(p_id, 'agency', p_subject, p_address, null, found_link.id, p_code_hash);
            if asked.is_mailed then
                insert into link_event (tenant_id, id, link_id, kind)
                values (found_link.tenant_id, gen_random_uuid(), found_link.id, 'code_sent');
            end if;
            return asked.code_id;
        end""",
    )
    # Held until the end: a withdrawal that happens now waits, then finds the session and ends it.
    _door(
        "sign_in_agency(p_token bytea, p_code uuid, p_subject bytea, p_code_hashes bytea[], p_session uuid, "
        "p_session_token bytea, p_device text, p_name text, p_role text)",
        "text",
        f"""
        declare held link; used record; whose uuid;
        begin
            select l.* into held from {LINK} where l.token_hash = p_token and {LIVE} for update of l;
            if not found then return 'closed'; end if;
            -- The code that this browser asked for, or else the newest that somebody of its network asked for: a
            -- colleague's. Whoever guesses from elsewhere guesses at a code of their own.
            select u.* into used from (select id from email_code where purpose = 'agency' and link_id = held.id
                and (id = p_code or subject = p_subject)
                order by (id = p_code) is true desc, created_at desc, id desc limit 1) asked
            cross join lateral door.use_code('agency', asked.id, p_code_hashes) u;
            if coalesce(used.outcome, 'over') <> 'right' then
                -- A guess at a code is news, five times for each; knocking where there is none (any more) is noise.
                insert into link_event (tenant_id, id, link_id, kind, author_name, author_role)
                select held.tenant_id, gen_random_uuid(), held.id, 'code_wrong', p_name, p_role
                where used.outcome = 'wrong';
                return coalesce(used.outcome, 'over');
            end if;
            insert into person (id, email, name)
            select gen_random_uuid(), lower(held.mailbox), t.name from tenant t where t.id = held.guest_tenant_id
            on conflict (email) do nothing;
            select id into strict whose from person where email = lower(held.mailbox);
            insert into session (id, token_hash, audience, tenant_id, person_id, scope_id, acting_name, acting_role,
                device, expires_at)
            values (p_session, p_session_token, 'agency', held.guest_tenant_id, whose, held.share_id, p_name, p_role,
                p_device, now() + interval '60 minutes');
            insert into link_event (tenant_id, id, link_id, kind, author_name, author_role)
            values (held.tenant_id, gen_random_uuid(), held.id, 'signed_in', p_name, p_role);
            return 'right';
        end""",
    )
    # A session that was good and is over reads differently from no session: the link was closed.
    _door(
        "link_was_closed(p_session_token bytea)",
        "boolean",
        """
        begin
            return exists (select from session s join link l on l.share_id = s.scope_id
                where s.token_hash = p_session_token and s.audience = 'agency' and l.closed_at is not null);
        end""",
    )
    # Who signed in at the shared mailbox, for their answers.
    _door(
        "who_acts(p_session_token bytea)",
        "table (name text, capacity text)",
        """
        begin
            return query select s.acting_name, s.acting_role from session s
            where s.token_hash = p_session_token and s.audience = 'agency' and s.ended_at is null;
        end""",
    )


def _documents() -> None:
    # What an agency has sent in is closed to it together with the share, whatever session or page is still open.
    allow("document", AGENCY, "select", OF_MY_SHARE)
    allow("document", AGENCY, "insert", f"{OF_MY_SHARE} and pupil_id is null and {ANNOUNCED}")
    allow("document", AGENCY, "update", OF_MY_SHARE, columns="status, completed_at, version")


def _door(signature: str, returns: str, body: str) -> None:
    definer(f"door.{signature}", returns, f"#variable_conflict use_column\n{body}", callers="send_web")


def downgrade() -> None:
    for command in ("select", "insert", "update"):
        op.execute(f"drop policy agency_{command} on document")
    op.execute("revoke all on document from send_agency")
    op.execute(
        "drop function door.open_link, door.ask_link_code, door.sign_in_agency, door.link_was_closed, door.who_acts"
    )
