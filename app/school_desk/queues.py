"""What may wait for somebody at a school: one query each, whose rows PostgreSQL has already narrowed to what they may see.

Each query gives, for its lines: whom or what it is about, a day, and the ids that its link needs.
"""

# ruff: noqa: S608 - statements put together from constants of this file

from dataclasses import dataclass

from app.kernel.access import Role

_PUPIL = "concat(p.preferred_forename, ' ', coalesce(p.preferred_surname, p.legal_surname))"
_JOIN = "join pupil p on p.tenant_id = {0}.tenant_id and p.id = {0}.pupil_id"
_HERE = "p.left_on is null"
PLANS = (Role.SENDCO, Role.CLASS_TEACHER)
LEADS = (Role.HEADTEACHER, Role.DSL)


@dataclass(frozen=True, slots=True)
class Queue:
    """`when` begins the day of a line ("Due 3 May")."""

    key: str
    title: str
    text: str
    roles: tuple[Role, ...]
    query: str
    endpoint: str | None = None
    takes: tuple[str, ...] = ()
    when: str = ""


def _plans(status: str, day: str) -> str:
    return f"""select {_PUPIL} as what, {day}::date as day, n.id as plan_id from plan n {_JOIN.format("n")}
        where n.status = '{status}' and {_HERE} order by {day}, n.id"""


def _asks(condition: str) -> str:
    return f"""select {_PUPIL} || ': ' || a.guest_name as what, a.asked_at::date as day, a.id as ask_id
        from consent_ask a {_JOIN.format("a")} where a.closed_at is null and {condition} order by a.asked_at, a.id"""


def _requests(states: str, day: str = "r.created_at") -> str:
    return f"""select {_PUPIL} || ', ' || r.reference as what, {day}::date as day, r.id as request_id
        from lss_request r {_JOIN.format("r")} where r.status in ({states}) order by {day}, r.id"""


_ANSWERED = "select from consent c where c.tenant_id = a.tenant_id and c.ask_id = a.id"
_TAKEN_BACK = "select from consent_withdrawal w where w.tenant_id = c.tenant_id and w.consent_id = c.id"

QUEUES: tuple[Queue, ...] = (
    Queue(
        "access", "Access of parents to confirm", "Your colleague waits for you", LEADS,
        f"""select c.name || ' (' || {_PUPIL} || ')' as what, a.proposed_at::date as day, a.pupil_id,
            a.guardianship_id as link_id
        from access_change a {_JOIN.format("a")}
        join guardianship g on g.tenant_id = a.tenant_id and g.id = a.guardianship_id
        join contact c on c.tenant_id = g.tenant_id and c.id = g.contact_id
        where a.confirmed_at is null and a.withdrawn_at is null and a.proposed_by <> ctx.person()
        order by a.proposed_at, a.id""",
        "access_changes.show_access", ("pupil_id", "link_id"), "Since",
    ),
    Queue(
        "notes", "Safeguarding notes", "Written in the last 14 days", (Role.DSL,),
        f"""select {_PUPIL} as what, s.written_at::date as day, s.pupil_id
        from safeguarding_note s {_JOIN.format("s")} where s.written_at > now() - interval '14 days'
        order by s.written_at desc, s.id""",
        "safeguarding.list_notes", ("pupil_id",), "Written",
    ),
    Queue(
        "authorise", "LSS requests to authorise", "They wait for your yes", (Role.HEADTEACHER,),
        _requests("'agreed'"), "lss.show_request", ("request_id",), "Begun",
    ),
    Queue(
        "reviews", "Reviews due", "Late, or due within two weeks", PLANS,
        f"""select {_PUPIL} as what, n.next_review_on as day, n.id as plan_id from plan n {_JOIN.format("n")}
        where n.status = 'agreed' and n.next_review_on <= ctx.today() + 14 and {_HERE}
        order by n.next_review_on, n.id""",
        "plans.show_plan", ("plan_id",), "Due",
    ),
    Queue(
        "planless", "Plans to write", "SEN support without a plan", PLANS,
        f"""select {_PUPIL} as what, null::date as day, p.id as pupil_id from pupil p
        where p.sen_provision = 'K' and {_HERE} and not exists (select from plan n where n.tenant_id = p.tenant_id
            and n.pupil_id = p.id and n.status in ('draft', 'shared', 'agreed'))
        order by p.sort_key, p.id""",
        "pupils.show_pupil", ("pupil_id",),
    ),
    Queue(
        "drafts", "Plans in draft", "Finish them and share them", PLANS,
        _plans("draft", "n.created_at"), "plans.show_plan", ("plan_id",), "Begun",
    ),
    Queue(
        "shared", "Plans with families", "Shared and not answered yet", PLANS,
        _plans("shared", "n.shared_at"), "plans.show_plan", ("plan_id",), "Shared",
    ),
    Queue(
        "refused", "Consent refused", "Talk to the family", (Role.SENDCO,),
        _asks(f"exists ({_ANSWERED} and not c.given and not exists ({_TAKEN_BACK}))"),
        "sharing.show_ask", ("ask_id",), "Asked",
    ),
    Queue(
        "asked", "Waiting for consent", "The family has been asked", (Role.SENDCO,),
        _asks(f"not exists ({_ANSWERED})"), "sharing.show_ask", ("ask_id",), "Asked",
    ),
    Queue(
        "requests", "LSS requests", "To finish, send or answer", (Role.SENDCO,),
        _requests("'draft', 'authorised', 'more_information'"), "lss.show_request", ("request_id",), "Begun",
    ),
    Queue(
        "referrals", "Referrals", "To send, or with news from the agency", (Role.SENDCO,),
        f"""select {_PUPIL} || ', ' || r.reference as what, r.created_at::date as day, r.id as referral_id
        from referral r {_JOIN.format("r")}
        where r.status in ('draft', 'agreed', 'question', 'declined', 'wrong_person', 'reported')
        order by r.created_at, r.id""",
        "referrals.show_referral", ("referral_id",), "Begun",
    ),
    Queue(
        "guardians", "People to check", "Invited, but nobody has looked twice", (Role.SENDCO,),
        f"""select c.name || ' (' || {_PUPIL} || ')' as what, null::date as day, g.pupil_id, g.contact_id
        from guardianship g {_JOIN.format("g")} join contact c on c.tenant_id = g.tenant_id and c.id = g.contact_id
        where g.status = 'pending' order by g.id""",
        "guardians.new_confirmation", ("pupil_id", "contact_id"),
    ),
    Queue(
        "documents", "Documents refused", "They did not pass the check", PLANS,
        f"""select coalesce({_PUPIL} || ': ', '') || d.title as what, d.checked_at::date as day, d.id as document_id
        from document d left {_JOIN.format("d")}
        where d.status = 'refused' and d.created_at > now() - interval '30 days' order by d.created_at desc, d.id""",
        "documents.show_document", ("document_id",), "Checked",
    ),
    Queue(
        "dead", "Not sent", "Messages that could not be delivered", (Role.SENDCO, Role.SCHOOL_ADMIN),
        """select 'A message' as what, d.created_at::date as day, d.id as delivery_id from delivery d
        where d.state = 'dead' order by d.created_at desc, d.id""",
        when="Written",
    ),
    Queue(
        "classes", "My classes", "", (Role.CLASS_TEACHER, Role.TEACHING_ASSISTANT),
        """select k.name || ': ' || count(p.id) || ' pupils' as what, null::date as day, k.id as "class"
        from school_class k join class_staff s on s.tenant_id = k.tenant_id and s.class_id = k.id
        left join pupil p on p.tenant_id = k.tenant_id and p.class_id = k.id and p.left_on is null
        where s.person_id = ctx.person() group by k.tenant_id, k.id, k.name order by k.name, k.id""",
        "pupils.list_pupils", ("class",),
    ),
    Queue(
        "invited", "Staff who have not signed in", "Their invitation waits", (Role.SCHOOL_ADMIN,),
        """select n.email as what, m.created_at::date as day, m.id as membership_id from membership m
        join person n on n.id = m.person_id where m.status = 'invited' order by m.created_at, m.id""",
        "staff.list_staff", (), "Invited",
    ),
    Queue(
        "classless", "Pupils without a class", "No class teacher sees them", (Role.SCHOOL_ADMIN,),
        f"""select {_PUPIL} as what, null::date as day, p.id as pupil_id from pupil p
        where p.class_id is null and {_HERE} order by p.sort_key, p.id""",
        "pupils.show_pupil", ("pupil_id",),
    ),
)  # fmt: skip


def queues_for(roles: frozenset[Role]) -> list[Queue]:
    return [queue for queue in QUEUES if not roles.isdisjoint(queue.roles)]
