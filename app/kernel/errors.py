"""The four ways in which the domain says no. Edges translate; nothing in between catches."""


class DomainError(Exception):
    """Carries a sentence that the person can act on."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Forbidden(DomainError):
    """This person may never do this. 403."""

    def __init__(self, sentence: str = "Your role does not allow this.") -> None:
        super().__init__(sentence)


class NotFound(DomainError):
    """There is no such thing here, or it is somebody else's: the two look alike. 404."""

    def __init__(self, sentence: str = "We could not find that.") -> None:
        super().__init__(sentence)


class Conflict(DomainError):
    """This is not the moment: the thing has moved on. 409."""


class Gone(DomainError):
    """A link that was once good and is now closed. 410, with a neutral page."""


class Invalid(DomainError):
    """What was said cannot be taken, and which answer to change. 422."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
