"""What the embedded services raise when a person has to do something about it."""


class EmbeddedError(Exception):
    """One sentence that says what is wrong and what to do."""
