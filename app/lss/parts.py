"""The parts of the form: one page each, so that nobody faces it all at once."""

from dataclasses import dataclass
from typing import Any

from app.kernel.commands import CommandSchema
from app.lss.schemas import ChildSchema, ReasonsSchema, ViewsSchema, WantedSchema


@dataclass(frozen=True, slots=True)
class Question:
    name: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """`name` is the last word of its address."""

    name: str
    title: str
    schema: type[CommandSchema[Any]]
    questions: tuple[Question, ...]


WANTED = Part(
    "wanted",
    "What you are asking for",
    WantedSchema,
    (
        Question("wanted", "What do you ask for?", "What would happen, who would do it and how often."),
        Question("outcomes", "What do you hope will change?", "Say how you and the family will notice."),
    ),
)
REASONS = Part(
    "reasons",
    "Why now, and what you have tried",
    ReasonsSchema,
    (
        Question("why_now", "Why do you ask now?"),
        Question(
            "tried",
            "What have you tried?",
            "We copied the help from the plan and its reviews. Change what you like.",
        ),
    ),
)
CHILD = Part(
    "child",
    "What goes well and what is hard",
    ChildSchema,
    (
        Question("strengths", "What goes well?"),
        Question("needs", "What is hard?", "Say what people see. You do not need a diagnosis."),
    ),
)
VIEWS = Part(
    "views",
    "What the child and the family say",
    ViewsSchema,
    (
        Question("pupil_view", "What does the child say?", "In their own words, or what they showed you."),
        Question(
            "family_view",
            "What does the family say?",
            "Write this with the family. What they have told the school is on the child’s page of views. "
            "Every adult with parental responsibility reads these words. Leave out what one of them told you alone.",
        ),
    ),
)
PARTS = {part.name: part for part in (WANTED, REASONS, CHILD, VIEWS)}
