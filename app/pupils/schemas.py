"""What a browser may say about pupils, their adults and a roll."""

import re
from collections.abc import Iterable

from email_validator import EmailNotValidError, validate_email
from marshmallow import ValidationError, fields

from app.kernel.clock import today
from app.kernel.commands import CommandSchema
from app.kernel.years import year_choices
from app.pupils.models import Access
from app.pupils.service.access import Proposal
from app.pupils.service.contacts import ContactAnswers
from app.pupils.service.portal import Looked, Nothing
from app.pupils.service.register import Departure, PupilAnswers
from app.pupils.service.roll import Answered
from app.settings import codes
from app.web.answers import DateOf, Whole, one_of, version, words

ROW_FIELD = re.compile(r"row_[0-9]{1,6}")
ADDRESS = "Enter an email address in the correct format, like name@example.com"


class Email(fields.String):
    """An address that mail could be sent to; whether anybody reads it is for people to find out."""

    def _deserialize(self, value: object, *_: object, **__: object) -> str:
        try:
            return validate_email(
                str(value), check_deliverability=False, test_environment=True
            ).normalized.lower()
        except EmailNotValidError:
            raise ValidationError(ADDRESS) from None


def _need(missing: str) -> fields.String:
    return one_of([code.code for code in codes.need_codes(today())], missing, required=False)


class PupilSchema(CommandSchema[PupilAnswers]):
    command = PupilAnswers

    legal_forenames = words("Enter the legal forename", most=200, label="Legal forename")
    legal_surname = words("Enter the legal surname", most=200, label="Legal surname")
    preferred_forename = words("", most=200, label="Preferred forename", required=False)
    preferred_surname = words("", most=200, label="Preferred surname", required=False)
    born_on = DateOf("Date of birth", required=True)
    year_group = one_of([choice["value"] for choice in year_choices()], "Choose the year group")
    class_id = fields.UUID(load_default=None, error_messages={"invalid_uuid": "Choose a class from the list"})
    sen_provision = one_of([code.code for code in codes.provision_codes(today())], "Choose the SEN status")
    need_1 = _need("Choose the main need from the list")
    need_2 = _need("Choose the second need from the list")
    joined_on = DateOf("Date they joined", load_default=None)
    version = version(required=False)


class PupilWithUpnSchema(PupilSchema):
    """For the school admin: the only one who is asked for a UPN."""

    upn = words("Enter a UPN", most=40, label="UPN", required=False)


class DepartureSchema(CommandSchema[Departure]):
    command = Departure

    left_on = DateOf("Date they left", required=True)


class ContactSchema(CommandSchema[ContactAnswers]):
    command = ContactAnswers

    name = words("Enter their full name", most=200, label="Full name")
    relationship = words("", most=100, label="Relationship", required=False)
    email = Email(load_default="")
    phone = words("", most=50, label="Phone number", required=False)
    parental_responsibility = one_of(["yes", "no"], "Choose yes if they have parental responsibility")
    priority = Whole("Order", 1, 9, load_default=1)
    version = version(required=False)


class NothingSchema(CommandSchema[Nothing]):
    command = Nothing


class LookedSchema(CommandSchema[Looked]):
    command = Looked

    confirmed = one_of(["yes"], "Tick the box when you have checked who this is")


class ProposalSchema(CommandSchema[Proposal]):
    command = Proposal

    to_status = one_of(
        [status.value for status in Access if status is not Access.PENDING], "Choose what should change"
    )
    reason = words("Enter the reason", most=2000, label="Reason")


class ImportSchema(CommandSchema[Answered]):
    command = Answered

    fingerprint = fields.String(load_default="")


def import_schema(names: Iterable[str]) -> ImportSchema:
    """With one answer for each row that was asked about."""
    asked = {name: fields.String() for name in names if ROW_FIELD.fullmatch(name)}
    made: ImportSchema = ImportSchema.from_dict(asked)()  # type: ignore[arg-type, assignment]
    return made
