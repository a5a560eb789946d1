"""A furnished world: rows in every table, for pupils in and out of a class, a school and a partnership."""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from app.kernel.clock import today
from infrastructure.database.ids import new_id
from tests.world import Child, Organisation, Somebody, World

HASH = b"h" * 32
CONTENT = {
    "reference": "LSS-1",
    "pupil": {"name": "A O", "year_group": 2},
    "documents": [{"sha256": HASH.hex()}],
}
AHEAD = timedelta(days=60)


class Scene:
    """Furnishes one world. `theirs` is made the same way in another partnership: nobody of ours sees any of it."""

    def __init__(self, world: World) -> None:
        self.world = world
        w = world
        for school, pupil, sendco, class_label in (
            (w.larkrise, w.amara, w.sendco, "2A"),
            (w.larkrise, w.idris, w.sendco, "4B"),
            (w.millbrook, w.noor, w.other_sendco, "5M"),
        ):
            self._pupil(school, pupil, sendco, class_label)
        self._locality()
        self._agency()
        self._for_everybody()

    def _add(self, table: str, tenant: Organisation, **values: Any) -> UUID:
        return self.world.insert(table, tenant_id=tenant.id, **values)

    def _pupil(self, school: Organisation, pupil: Child, sendco: Somebody, label: str) -> None:
        of = {"pupil_id": pupil.id}
        adult = self._adult(pupil)
        self._add("pupil_upn", school, **of, upn=f"A{abs(hash(pupil.id)) % 10**12:012d}")
        self._add("pupil_need", school, **of, rank=1, code="SLCN")
        plan = self._plan(school, pupil, sendco)
        self._add("plan", school, **of, number=2, previous_id=plan, starts_on=today(), created_by=sendco.id)
        self._words(school, pupil, sendco, adult, plan)
        documents = [self._document(school, pupil, status) for status in ("clean", "checking")]
        self._asks(school, pupil, sendco, adult, documents[0])
        self._add(
            "access_change",
            school,
            **of,
            guardianship_id=adult[1],
            to_status="restricted",
            reason="Court order",
            proposed_by=self.world.head.id,
            proposed_role="headteacher",
        )
        confirmed = self.world.scalar("select id from access_change where pupil_id = %s", pupil.id)
        self.world.execute(
            "update access_change set confirmed_by = %s, confirmed_role = 'dsl', confirmed_at = now() where id = %s",
            self.world.dsl.id,
            confirmed,
        )
        self._add(
            "access_change",
            school,
            **of,
            guardianship_id=adult[1],
            to_status="barred",
            reason="Court order",
            proposed_by=self.world.head.id,
            proposed_role="headteacher",
        )
        self._newcomer(school, pupil)
        # Less access acts at once; here it is undone, because the adult still has to look.
        self.world.execute("update guardianship set status = 'active' where id = %s", adult[1])
        self._add("read_log", school, **of, reader_name=school.name, role="SENDCO", what="plan")
        self._add(
            "read_log", school, **of, reader_name=school.name, role="DSL", what="notes", safeguarding=True
        )
        self._add(
            "term",
            school,
            name=f"Autumn {label}",
            starts_on=date(2026, 9, 1) + timedelta(days=len(label) + ord(label[0])),
            ends_on=date(2026, 12, 18),
        )

    def _newcomer(self, school: Organisation, pupil: Child) -> None:
        """An adult who has been asked in and whom nobody has confirmed yet."""
        email = f"{new_id().hex}@home.example"
        self.world.insert("person", email=email, name="Uncle Obi")
        of = {"pupil_id": pupil.id}
        contact = self._add("contact", school, **of, name="Uncle Obi", email=email)
        self._add(
            "guardianship",
            school,
            **of,
            contact_id=contact,
            status="pending",
            parental_responsibility=False,
            child_name="",
            school_name="",
        )

    def _adult(self, pupil: Child) -> tuple[UUID, UUID, UUID]:
        """Contact, guardianship and person of one adult of the child, an active one where there is one."""
        row = self.world.rows(
            "select contact_id, id, person_id from guardianship where pupil_id = %s order by status, id",
            pupil.id,
        )[0]
        return row.contact_id, row.id, row.person_id

    def _plan(self, school: Organisation, pupil: Child, sendco: Somebody) -> UUID:
        of = {"pupil_id": pupil.id}
        plan = self._add("plan", school, **of, number=1, starts_on=date(2026, 9, 7), created_by=sendco.id)
        self._add("plan_need", school, **of, plan_id=plan, rank=1, code="SLCN")
        self.target = self._add(
            "target",
            school,
            **of,
            plan_id=plan,
            position=1,
            need_code="SLCN",
            title="Says three words",
            baseline="Says one",
            success_criterion="Three of five",
            school_will="Model",
            who="TA",
            how_often="Daily",
        )
        self._add(
            "provision",
            school,
            **of,
            plan_id=plan,
            position=1,
            name="Word group",
            who="TA",
            hourly_rate_pence=1620,
            minutes_per_session=30,
            sessions_per_week=4,
            weeks=12,
            group_size=4,
            cost_pence=9720,
        )
        self.world.execute("update plan set status = 'agreed', agreed_at = now() where id = %s", plan)
        return plan

    def _words(
        self, school: Organisation, pupil: Child, sendco: Somebody, adult: tuple[UUID, UUID, UUID], plan: UUID
    ) -> None:
        of = {"pupil_id": pupil.id}
        said = {"guardianship_id": adult[1], "person_id": adult[2]}
        self._add(
            "plan_agreement",
            school,
            **of,
            **said,
            plan_id=plan,
            plan_version=1,
            agreed=False,
            method="portal",
            happened_on=today(),
        )
        review = self._add(
            "review",
            school,
            **of,
            plan_id=plan,
            held_on=today(),
            parent_took_part="attended",
            recorded_by=sendco.id,
        )
        self._add("review_outcome", school, **of, review_id=review, target_id=self.target, outcome="4")
        self._add(
            "pupil_view",
            school,
            **of,
            said_on=today(),
            method="drawing",
            words="I like the pond",
            written_down_by="TA",
            recorded_by=sendco.id,
        )
        self._add(
            "family_view", school, **of, **said, said_by="Adult", method="portal", words="We read at night"
        )
        self._add(
            "safeguarding_note", school, **of, written_by=sendco.id, happened_on=today(), words="A worry"
        )

    def _document(self, school: Organisation, pupil: Child, status: str) -> UUID:
        more: dict[str, Any] = {}
        if status == "clean":
            more = {"clean_key": "k", "object_version": "v", "sha256": HASH, "shown_to_family": True}
        return self._add(
            "document",
            school,
            pupil_id=pupil.id,
            title=f"Report {status}",
            filename="r.pdf",
            declared_type="application/pdf",
            status=status,
            quarantine_key="q",
            **more,
        )

    def _asks(
        self,
        school: Organisation,
        pupil: Child,
        sendco: Somebody,
        adult: tuple[UUID, UUID, UUID],
        document: UUID,
    ) -> None:
        w, of = self.world, {"pupil_id": pupil.id}
        request = self._add(
            "lss_request", school, **of, reference=f"LSS-{pupil.forename}", kind="money", status="submitted"
        )
        self._add("lss_request", school, **of, reference=f"LSS-{pupil.forename}-2", kind="advice")
        referral = self._add(
            "referral",
            school,
            **of,
            agency_tenant_id=w.ashmere.id,
            reference=f"R-{pupil.forename}",
            status="sent",
        )
        self._add("evidence", school, lss_request_id=request, document_id=document)
        self.shares: dict[str, UUID] = getattr(self, "shares", {})
        for purpose, subject, guest in (("lss", request, w.thornbeck), ("referral", referral, w.ashmere)):
            ask = self._add(
                "consent_ask",
                school,
                **of,
                purpose=purpose,
                subject_id=subject,
                guest_tenant_id=guest.id,
                guest_name=guest.name,
                content=Jsonb(CONTENT),
                content_hash=HASH,
                wording="May we?",
                asked_by=sendco.id,
            )
            consent = self._consent(school, pupil, ask, adult)
            share = self._add(
                "share",
                school,
                **of,
                guest_tenant_id=guest.id,
                kind=purpose,
                subject_id=subject,
                content=Jsonb(CONTENT),
                content_hash=HASH,
                consent_id=consent,
                expires_on=today() + AHEAD,
            )
            self.shares[f"{purpose} {pupil.forename}"] = share
            self._add(
                "share_document",
                school,
                guest_tenant_id=guest.id,
                share_id=share,
                title="Report",
                filename="r.pdf",
                media_type="application/pdf",
                size_bytes=1,
                sha256=HASH,
                clean_key="k",
                object_version="v",
            )
        self._withdrawn(school, pupil, adult)
        link = self._add(
            "link",
            school,
            guest_tenant_id=w.ashmere.id,
            share_id=self.shares[f"referral {pupil.forename}"],
            token_hash=share.bytes + HASH,
            mailbox="a@b.example",
            expires_on=today() + AHEAD,
        )
        self._add("link_event", school, link_id=link, kind="opened")

    def _consent(self, school: Organisation, pupil: Child, ask: UUID, adult: tuple[UUID, UUID, UUID]) -> UUID:
        return self._add(
            "consent",
            school,
            pupil_id=pupil.id,
            ask_id=ask,
            given=True,
            method="portal",
            basis="parental_responsibility",
            contact_id=adult[0],
            guardianship_id=adult[1],
            person_id=adult[2],
            said_by="Adult",
            content_hash=HASH,
            wording_hash=sha256(b"May we?").digest(),
            given_on=today(),
            expires_on=today() + AHEAD,
        )

    def _withdrawn(self, school: Organisation, pupil: Child, adult: tuple[UUID, UUID, UUID]) -> None:
        """A share to the agency whose consent was taken back: closed to everybody but the school and the family."""
        w, of = self.world, {"pupil_id": pupil.id}
        reference = f"R-{pupil.forename}-2"
        subject = self._add(
            "referral", school, **of, agency_tenant_id=w.ashmere.id, reference=reference, status="sent"
        )
        ask = self._add(
            "consent_ask",
            school,
            **of,
            purpose="referral",
            subject_id=subject,
            guest_tenant_id=w.ashmere.id,
            guest_name="A",
            content=Jsonb(CONTENT),
            content_hash=HASH,
            wording="May we?",
        )
        consent = self._consent(school, pupil, ask, adult)
        share = self._add(
            "share",
            school,
            **of,
            guest_tenant_id=w.ashmere.id,
            kind="referral",
            subject_id=subject,
            content=Jsonb(CONTENT),
            content_hash=HASH,
            consent_id=consent,
            expires_on=today() + AHEAD,
        )
        self._add(
            "share_document",
            school,
            guest_tenant_id=w.ashmere.id,
            share_id=share,
            title="Report",
            filename="r.pdf",
            media_type="application/pdf",
            size_bytes=1,
            sha256=HASH,
            clean_key="k",
            object_version="v",
        )
        self.shares[f"withdrawn {pupil.forename}"] = share
        self._reply(w.ashmere, school, share, "acknowledged")
        self._add(
            "consent_withdrawal",
            school,
            **of,
            consent_id=consent,
            method="portal",
            guardianship_id=adult[1],
            person_id=adult[2],
            said_by="Adult",
        )

    def _reply(self, guest: Organisation, home: Organisation, share: UUID, kind: str) -> None:
        self._add(
            "reply",
            guest,
            home_tenant_id=home.id,
            share_id=share,
            kind=kind,
            content=Jsonb({}),
            author_name="N",
        )

    def _locality(self) -> None:
        w = self.world
        panel = w.thornbeck
        self._add("locality_rules", panel, number=1, rules=Jsonb({"quorum": 3}))
        self._add("term", panel, name="Autumn", starts_on=date(2026, 9, 1), ends_on=date(2026, 12, 18))
        meeting = self._add(
            "meeting", panel, title="Autumn panel", held_at=datetime(2026, 11, 30, 9, tzinfo=UTC)
        )
        for present in (w.chair, w.vice_chair, w.member, w.third_member):
            self._add("attendance", panel, meeting_id=meeting, person_id=present.id, recorded_by=w.clerk.id)
        fund = self._add("fund", panel, name="Locality fund", year="2026-27")
        entered = {"fund_id": fund, "person_id": w.finance.id}
        self._add("fund_entry", panel, **entered, kind="opening", amount_pence=1_000_000)
        for position, (home, pupil) in enumerate(
            ((w.larkrise, w.amara), (w.larkrise, w.idris), (w.millbrook, w.noor)), 1
        ):
            self._item(meeting, fund, home, pupil, position)
        # Two of them are open again, so that there is something left to do with them.
        open_again = [self.shares["lss Amara"], self.shares["lss Noor"]]
        w.execute("update panel_item set status = 'on_agenda' where share_id = any (%s)", open_again)
        # The vice-chair has declared an interest in one of them.
        self._add(
            "recusal",
            panel,
            home_tenant_id=w.larkrise.id,
            share_id=self.shares["lss Idris"],
            person_id=w.vice_chair.id,
            kind="declared",
            reason="Neighbour",
            declared_by=w.vice_chair.id,
        )

    def _item(self, meeting: UUID, fund: UUID, home: Organisation, pupil: Child, position: int) -> None:
        w, share = self.world, self.shares[f"lss {pupil.forename}"]
        of: dict[str, Any] = {"home_tenant_id": home.id, "share_id": share}
        item = self._add(
            "panel_item",
            w.thornbeck,
            **of,
            meeting_id=meeting,
            position=position,
            reference=pupil.forename,
            kind="money",
            amount_pence=10_000,
        )
        of |= {"item_id": item}
        self._add("vote", w.thornbeck, **of, person_id=w.third_member.id, choice="agree")
        self._add("panel_note", w.thornbeck, **of, person_id=w.third_member.id, words="Well evidenced")
        decision = self._add(
            "decision",
            w.thornbeck,
            **of,
            meeting_id=meeting,
            outcome="agree",
            reason="Clear need",
            fund_id=fund,
            amount_pence=10_000,
            terms=1,
            present=3,
            decided_by=w.chair.id,
        )
        self._add(
            "instalment",
            w.thornbeck,
            decision_id=decision,
            share_id=share,
            position=1,
            term_name="Autumn",
            due_on=today(),
            amount_pence=10_000,
        )
        self._reply(w.thornbeck, home, share, "decision")

    def _agency(self) -> None:
        w = self.world
        for home, pupil in ((w.larkrise, w.amara), (w.larkrise, w.idris), (w.millbrook, w.noor)):
            share = self.shares[f"referral {pupil.forename}"]
            self._reply(w.ashmere, home, share, "accepted")
            self._add(
                "document",
                w.ashmere,
                share_id=share,
                title="Findings",
                filename="f.pdf",
                declared_type="application/pdf",
                status="checking",
                quarantine_key="q",
            )

    def _for_everybody(self) -> None:
        self._of_admins()
        self._of_everybody()

    def _of_admins(self) -> None:
        w = self.world
        for school, admin in ((w.larkrise, w.admin), (w.millbrook, w.other_admin)):
            self._add("roll_import", school, person_id=admin.id, rows=Jsonb([]))
            self._add("roll_export", school, person_id=admin.id, pupils=3)
        for place in (w.larkrise, w.thornbeck):
            self._add("password_reset", place, person_id=w.member.id, token_hash=place.id.bytes + HASH)
            w.insert(
                "email_code",
                purpose="family",
                subject=HASH,
                person_id=w.mother.id,
                tenant_id=place.id,
                code_hash=HASH,
            )
        for place, admin, member in ((w.larkrise, w.admin, w.teacher), (w.thornbeck, w.clerk, w.member)):
            self._add("second_factor_reset", place, person_id=member.id, reset_by=admin.id)
            self._add(
                "invitation",
                place,
                person_id=member.id,
                token_hash=member.id.bytes + HASH,
                invited_by=admin.id,
                expires_at=datetime.now(UTC) + AHEAD,
            )

    def _of_everybody(self) -> None:
        w = self.world
        people = {w.larkrise: w.sendco, w.millbrook: w.other_sendco, w.thornbeck: w.clerk}
        for place, who in people.items():
            for person in (who, w.head):
                self._add(
                    "notification",
                    place,
                    person_id=person.id,
                    audience=place.kind,
                    kind="review_due",
                    path="/",
                )
        for child, school in (("amara", w.larkrise), ("noor", w.millbrook)):
            assert child in w.mother.links
            for person in (w.mother, w.father):
                self._add(
                    "notification",
                    school,
                    person_id=person.id,
                    audience="family",
                    kind="plan_shared",
                    path="/",
                )
        for place in (w.larkrise, w.millbrook, w.thornbeck, w.ashmere):
            entry = self._add(
                "outbox_entry", place, for_tenant_id=place.id, kind="Nothing", payload=Jsonb({})
            )
            for state in ("done", "dead"):
                self._add(
                    "delivery",
                    place,
                    author_tenant_id=place.id,
                    entry_id=entry,
                    handler=f"h {state}",
                    state=state,
                )
        for place, person in (
            (w.larkrise, w.sendco),
            (w.larkrise, w.mother),
            (w.millbrook, w.mother),
            (w.thornbeck, w.clerk),
            (w.ashmere, w.professional),
            (w.larkrise, w.head),
        ):
            with w.database.as_admin() as admin:
                admin.execute(
                    "insert into idempotency_key (tenant_id, person_id, key, route, body_hash) "
                    "values (%s, %s, gen_random_uuid(), '/', %s)",
                    (place.id, person.id, HASH),
                )
