"""What is done with a referral only at its moment, whatever page it comes from."""

import pytest

from app.casework.service import Seen
from app.documents import queries as documents
from app.kernel.clock import now
from app.kernel.errors import Conflict, NotFound
from app.referrals import queries, service
from app.referrals.models import Referral, Status
from app.referrals.service import ShowReport
from infrastructure.database.ids import new_id
from tests.builders import referrals as builders
from tests.builders.documents import clean_document
from tests.builders.refusing import refused, stopped
from tests.world import World


def test_the_family_is_not_asked_about_half_a_referral(world: World) -> None:
    referral_id = builders.draft_referral(world, world.amara, needs="")
    stopped(
        world, world.sendco, lambda actor: service.ask_family(actor, queries.load_referral(referral_id), Seen(1)),
        Conflict, "Something is missing",
    )  # fmt: skip


@pytest.mark.parametrize("status", [Status.DRAFT, Status.WITHDRAWN])
def test_a_referral_is_not_sent_before_the_family_was_asked_or_after_it_was_withdrawn(status: Status) -> None:
    referral = Referral(status=status, version=1)
    with pytest.raises(Conflict, match="must read this referral and agree"):
        referral.send(share_id=new_id(), at=now())
    assert referral.share_id is None


def test_only_a_report_on_this_very_referral_is_shown_from_its_page(world: World) -> None:
    sent, document_id = builders.sent_referral(world, world.amara), clean_document(world, world.amara)

    def show(actor: object) -> None:
        referral, document = queries.load_referral(sent.referral_id), documents.load_document(document_id)
        service.show_report(actor, referral, document, ShowReport(shown=True, version=document.version))  # type: ignore[arg-type]

    stopped(world, world.sendco, show, NotFound, "could not find")
    refused(world, [world.head, world.dsl], show)
    assert not world.scalar("select shown_to_family from document where id = %s", document_id)
