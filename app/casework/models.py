"""What a request and a referral have in common, and the documents of the child that go with either."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm.attributes import set_committed_value

from app.kernel.clock import now
from app.kernel.errors import Conflict
from infrastructure.database.door import Base
from tenants.owned import TenantOwned


class Stage(StrEnum):
    """What every case goes through on its way out of the school. Each room knows more, and skips what it has not."""

    DRAFT = "draft"
    WITH_FAMILY = "with_family"
    AGREED = "agreed"
    AUTHORISED = "authorised"
    WITHDRAWN = "withdrawn"


BEFORE_SENDING = frozenset({Stage.DRAFT, Stage.WITH_FAMILY, Stage.AGREED, Stage.AUTHORISED})


class Case(TenantOwned):
    """Mixin: written by the SENDCO, read and agreed at home, then sent. Changing it starts again.

    The version is raised by hand. Every move raises it, so that whoever has an older page open is told. An answer of
    the family does not: it changes no word, and the page that somebody is about to send stays as good as it was.
    """

    sent_statuses: ClassVar[frozenset[StrEnum]]
    changeable_when_sent: ClassVar[frozenset[StrEnum]] = frozenset()
    ended_statuses: ClassVar[frozenset[StrEnum]] = frozenset({Stage.WITHDRAWN})

    pupil_id: Mapped[UUID]
    reference: Mapped[str]
    status: Mapped[Any]
    why_now: Mapped[str] = mapped_column(default="")
    tried: Mapped[str] = mapped_column(default="")
    strengths: Mapped[str] = mapped_column(default="")
    needs: Mapped[str] = mapped_column(default="")
    wanted: Mapped[str] = mapped_column(default="")
    ask_id: Mapped[UUID | None]
    share_id: Mapped[UUID | None]
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__: Any = {
        "version_id_col": version,
        "version_id_generator": False,
        "eager_defaults": False,
    }

    @property
    def was_sent(self) -> bool:
        """The other side has it, or had it."""
        return self.status in self.sent_statuses

    def pin(self, version: int) -> None:
        """The version that was on the screen: if there is a newer one, saving is refused."""
        set_committed_value(self, "version", version)

    def reopen(self) -> None:
        """Back to a draft: what the family agreed to was the version before."""
        if self.status not in BEFORE_SENDING | self.changeable_when_sent:
            raise Conflict("This has been sent. It cannot be changed now.")
        self._move(Stage.DRAFT)
        self.ask_id = None

    def await_family(self, ask_id: UUID) -> None:
        if self.status != Stage.DRAFT:
            raise Conflict("The family has already been asked about this.")
        self._move(Stage.WITH_FAMILY)
        self.ask_id = ask_id

    def hear_family(self, *, given: bool) -> None:
        """Until it is sent, the status follows what the family says."""
        if given and self.status == Stage.WITH_FAMILY:
            self.status = self._own(Stage.AGREED)
        elif not given and self.status in {Stage.AGREED, Stage.AUTHORISED}:
            self.status = self._own(Stage.WITH_FAMILY)

    def withdraw(self) -> None:
        if self.status in self.ended_statuses:
            raise Conflict("This has already come to an end.")
        self._move(Stage.WITHDRAWN)

    def _move(self, status: StrEnum) -> None:
        self.status, self.version = self._own(status), self.version + 1

    def _own(self, status: StrEnum) -> StrEnum:
        """The room's own word for it."""
        own: StrEnum = type(self.status)(status)
        return own


class Evidence(TenantOwned, Base):
    """Chosen while it is a draft. PostgreSQL refuses another child's document, and any change afterwards."""

    __tablename__ = "evidence"

    lss_request_id: Mapped[UUID | None]
    referral_id: Mapped[UUID | None]
    document_id: Mapped[UUID]
