"""What a browser may say about restricted notes."""

from app.kernel.commands import CommandSchema
from app.safeguarding.service import Note
from app.web.answers import DateOf, words


class NoteSchema(CommandSchema[Note]):
    command = Note

    happened_on = DateOf("Date it happened", required=True)
    words = words("Enter what you saw or heard", label="What you saw or heard")
