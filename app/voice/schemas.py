"""What a browser may say about views."""

from app.kernel.commands import CommandSchema
from app.voice.queries import CHILD_METHODS
from app.voice.service import ChildWords, FamilyWords
from app.web import answers

STAFF_METHODS = ("meeting", "phone", "paper")


class ChildWordsSchema(CommandSchema[ChildWords]):
    command = ChildWords

    words = answers.words("Enter what the child said or showed", label="What the child said or showed")
    method = answers.one_of(CHILD_METHODS, "Choose how the child told you")
    said_on = answers.DateOf("Date", required=True)
    written_down_by = answers.words("Enter who wrote it down", most=200, label="Who wrote it down")


class FamilyWordsSchema(CommandSchema[FamilyWords]):
    """What staff write down for a family."""

    command = FamilyWords

    said_by = answers.words("Enter who said it", most=200, label="Who said it")
    method = answers.one_of(STAFF_METHODS, "Choose how they told you")
    words = answers.words("Enter what they said", label="What they said")
