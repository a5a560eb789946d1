"""The operator makes, joins, suspends and lists organisations: at the door, never as an audience.

Answers are single words for the command line to put into sentences; nothing here returns a row of a school.
"""

from alembic import op

from migrations.isolation import definer

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.execute("grant usage on schema door to send_migrator")
    _making()
    _changing()
    _looking()
    # The first admin of a new organisation is invited in the same breath as it is made.
    op.execute("grant execute on function door.invite_first_admin to send_migrator")


def _door(signature: str, returns: str, body: str) -> None:
    definer(f"door.{signature}", returns, f"#variable_conflict use_column\n{body}", callers="send_migrator")


def _making() -> None:
    # An agency has no pages of its own to sign in to: its referral mailbox is its one member.
    _door(
        "create_tenant(p_id uuid, p_kind text, p_slug text, p_name text, p_mailbox text, p_person uuid, "
        "p_membership uuid)",
        "text",
        """
        declare who uuid;
        begin
            if exists (select from tenant where slug = p_slug) then return 'taken'; end if;
            insert into tenant (id, kind, slug, name, referral_email)
            values (p_id, p_kind, p_slug, p_name, p_mailbox) on conflict do nothing;
            if not found then return 'taken'; end if;
            if p_kind = 'agency' then
                who := door.person_called(p_person, p_mailbox, p_name);
                insert into membership (tenant_id, id, person_id, roles, status)
                values (p_id, p_membership, who, '{professional}', 'active');
            end if;
            return 'created';
        end""",
    )


def _changing() -> None:
    _door(
        "join_locality(p_school text, p_locality text)",
        "text",
        """
        declare locality uuid;
        begin
            select id into locality from tenant where slug = p_locality and kind = 'locality';
            if locality is null then return 'no locality'; end if;
            update tenant set locality_id = locality where slug = p_school and kind = 'school';
            return case when found then 'joined' else 'no school' end;
        end""",
    )
    # Sessions end for good: an organisation that is opened again asks everybody to sign in.
    _door(
        "set_tenant_status(p_slug text, p_status text)",
        "text",
        """
        declare known tenant;
        begin
            select * into known from tenant where slug = p_slug for update;
            if known.id is null then return 'unknown'; end if;
            if known.status = p_status then return 'already'; end if;
            update tenant set status = p_status where id = known.id;
            if p_status = 'suspended' then
                update session set ended_at = now() where tenant_id = known.id and ended_at is null;
            end if;
            return 'changed';
        end""",
    )


def _looking() -> None:
    _door(
        "find_tenant_id(p_slug text)",
        "uuid",
        "begin return (select id from tenant where slug = p_slug); end",
    )
    _door(
        "list_tenants()",
        "table (kind text, slug text, name text, locality text, status text, members int)",
        """
        begin
            return query select t.kind, t.slug, t.name, l.slug, t.status,
                (select count(*)::int from membership m where m.tenant_id = t.id and m.status = 'active')
            from tenant t left join tenant l on l.id = t.locality_id order by t.kind, t.name, t.slug;
        end""",
    )
    # How things stand, in numbers.
    _door(
        "health()",
        "table (version text, waiting int, oldest_seconds int, dead int, unsealed int)",
        """
        begin
            return query select (select version_num::text from alembic_version),
                (select count(*)::int from outbox_entry where expanded_at is null)
                    + (select count(*)::int from delivery where state = 'waiting'),
                greatest(
                    (select coalesce(extract(epoch from now() - min(occurred_at)), 0)::int from outbox_entry
                        where expanded_at is null),
                    (select coalesce(extract(epoch from now() - min(due_at)), 0)::int from delivery
                        where state = 'waiting')),
                (select count(*)::int from delivery where state = 'dead'),
                (select count(*)::int from audit_entry e left join (select tenant_id, cluster, max(to_xid) as reached
                        from audit_seal group by tenant_id, cluster) s using (tenant_id, cluster)
                    where e.xid >= coalesce(s.reached, 0));
        end""",
    )


def downgrade() -> None:
    op.execute("revoke execute on function door.invite_first_admin from send_migrator")
    op.execute(
        "drop function door.create_tenant, door.join_locality, door.set_tenant_status, door.find_tenant_id, "
        "door.list_tenants, door.health"
    )
    op.execute("revoke usage on schema door from send_migrator")
