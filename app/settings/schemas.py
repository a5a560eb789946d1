"""What a browser may say about an organisation's own settings."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, post_load

from app.kernel.commands import CommandSchema
from app.kernel.years import year_choices
from app.settings import colours
from app.settings.rules import GATED, Gate, Rules
from app.settings.service.classes import ClassChange, NewClass, NewWorker
from app.settings.service.rules import NewRules
from app.settings.service.school import SchoolChange
from app.settings.service.terms import TermDetails
from app.web.answers import DateOf, Whole, one_of, version, words

YEARS = {choice["value"]: choice["text"] for choice in year_choices()}
PERSON = "Select who works in this class"


def _name() -> fields.String:
    return words("Enter a name for the class", most=40, label="Class name")


class SchoolSchema(CommandSchema[SchoolChange]):
    command = SchoolChange

    name = words("Enter the name of your school", most=120, label="School name")
    colour = one_of((*colours.PALETTE, colours.OTHER), "Select a colour")
    colour_code = words("", most=7, label="Colour code", required=False)


class _Year(fields.Integer):
    """A year group, or none for a class of several."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int:
        if str(value) not in YEARS:
            raise self.make_error("invalid")
        return int(value)


def _year() -> fields.Integer:
    return _Year(load_default=None, error_messages={"invalid": "Select a year group from the list"})


class NewClassSchema(CommandSchema[NewClass]):
    command = NewClass

    name = _name()
    year_group = _year()


class ClassChangeSchema(CommandSchema[ClassChange]):
    command = ClassChange

    name = _name()
    year_group = _year()
    version = version()


class WorkerSchema(CommandSchema[NewWorker]):
    command = NewWorker

    person_id = fields.UUID(
        required=True, error_messages={"required": PERSON, "null": PERSON, "invalid_uuid": PERSON}
    )


class TermSchema(CommandSchema[TermDetails]):
    command = TermDetails

    name = words("Enter a name for the term, like Autumn 2026", most=60, label="Name")
    starts_on = DateOf("First day of term", required=True)
    ends_on = DateOf("Last day of term", required=True)
    half_term_starts_on = DateOf("First day of half term", load_default=None)
    half_term_ends_on = DateOf("Last day of half term", load_default=None)
    version = version(required=False)


class RulesSchema(CommandSchema[NewRules]):
    """One answer for each kind of request, and the rest."""

    command = NewRules

    advice_cycles = Whole("Reviews before advice", 0, 6, required=True)
    school_to_school_cycles = Whole("Reviews before help from another school", 0, 6, required=True)
    training_cycles = Whole("Reviews before training", 0, 6, required=True)
    money_cycles = Whole("Reviews before money", 0, 6, required=True)
    costed = fields.List(fields.String(), load_default=[])
    quorum = Whole("Number of people who must be there", 1, 50, required=True)
    deadline_days = Whole("Number of school days", 0, 60, required=True)
    award_terms = Whole("Number of terms", 1, 6, required=True)
    seen = fields.Integer(required=True)

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> NewRules:
        gates = {kind: Gate(data[f"{kind}_cycles"], kind in data["costed"]) for kind in GATED}
        rules = Rules(
            evidence=gates,
            quorum=data["quorum"],
            deadline_days=data["deadline_days"],
            award_terms=data["award_terms"],
        )
        return NewRules(rules, data["seen"])


def as_answers(rules: Rules) -> Mapping[str, Any]:
    """The rules as the form that changes them would have been filled in."""
    return {
        **{f"{kind}_cycles": rules.gate(kind).reviewed_cycles for kind in GATED},
        "costed": [kind for kind in GATED if rules.gate(kind).costed_provision],
        "quorum": rules.quorum,
        "deadline_days": rules.deadline_days,
        "award_terms": rules.award_terms,
        "seen": rules.number,
    }
