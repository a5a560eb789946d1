"""The only function RQ ever calls. A delivery id in, an effect out, in the addressee's own tenant."""

import random
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import text

from app.kernel.events import Event
from infrastructure.database.binding import NotBound
from infrastructure.database.door import at_the_door, db, unit_of_work
from infrastructure.observability import report
from tenants import context
from workers.errand import Errand, GiveUp
from workers.home import worker_app
from workers.subscriptions import HANDLERS

log = structlog.get_logger(__name__)

# Then dead: shown to the school as "not sent", and to the operator, who can send it again.
BACKOFF = tuple(
    timedelta(seconds=s) for s in (10, 60, 300, 1800, 7200, 21600, 21600, 21600, 21600, 21600, 21600)
)

LAST_ATTEMPT = len(BACKOFF) + 1
KILLED_TIMES = 5  # whatever kills its process again and again will not get better in a day

_DONE = text(
    "update delivery set state = 'done', done_at = now(), leased_until = null, problem = null where id = :id"
)


class Killed(Exception):
    """The process of an attempt did not come to its end."""


def run(delivery_id: str, attempt: int) -> None:
    """One attempt. An older attempt, or one whose delivery was cancelled, finds nothing to do."""
    with worker_app().app_context():
        structlog.contextvars.bind_contextvars(job_id=f"{delivery_id}-{attempt}")
        try:
            _attempt(UUID(delivery_id), attempt)
        except NotBound:
            log.info("nothing to do")
        except Exception as error:  # noqa: BLE001 - the boundary: whatever went wrong, the delivery must know
            _failed(UUID(delivery_id), attempt, error)
        finally:
            structlog.contextvars.clear_contextvars()


def died(delivery_id: str, attempt: int) -> None:
    """The process of this attempt was ended: by its limits, by the kernel or by somebody. Said by its parent."""
    with worker_app().app_context():
        try:
            _failed(UUID(delivery_id), attempt, Killed())
        except Exception as error:  # noqa: BLE001 - the worker goes on; the lease of this attempt runs out by itself
            log.warning("a death could not be noted", problem=type(error).__name__)


def _attempt(delivery_id: UUID, attempt: int) -> None:
    if attempt > LAST_ATTEMPT:  # every attempt was cut off with its worker, so that nobody could say so
        raise GiveUp
    with unit_of_work(context.of_delivery(delivery_id, attempt)):
        row = context.row_of_binding()
        event = Event.kinds[row.kind].from_payload(row.payload)
        HANDLERS[row.handler](event, Errand(delivery_id, row.tenant_id, row.author_tenant_id))
        db.session.flush()
        if db.session.execute(_DONE, {"id": delivery_id}).rowcount != 1:  # type: ignore[attr-defined]
            raise RuntimeError("The delivery could not be marked as done.")


def _failed(delivery_id: UUID, attempt: int, error: Exception) -> None:
    last = isinstance(error, GiveUp) or attempt >= (
        KILLED_TIMES if isinstance(error, Killed) else LAST_ATTEMPT
    )
    wait = BACKOFF[min(attempt, len(BACKOFF)) - 1] * random.uniform(0.8, 1.2)  # noqa: S311 - jitter, no secret
    problem = type(error).__name__
    log.warning("errand failed", problem=problem, attempt=attempt, last=last)
    if not isinstance(error, GiveUp):
        report(error)
    with at_the_door() as door:
        door.execute(
            text("select door.fail_delivery(:id, :attempt, :problem, :wait, :last)"),
            {"id": delivery_id, "attempt": attempt, "problem": problem, "wait": wait, "last": last},
        )
