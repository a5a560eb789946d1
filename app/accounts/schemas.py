"""What a browser may say when people sign in and when staff are kept."""

from typing import Any

from marshmallow import ValidationError, fields, validate

from app.accounts import addresses
from app.accounts.service.family import Mailbox
from app.accounts.service.invitations import Invitation
from app.accounts.service.members import NewRoles
from app.accounts.service.password_changes import PasswordChange
from app.accounts.service.people import SENTENCE
from app.accounts.service.resets import NewPassword
from app.accounts.service.sign_in import Credentials, TypedCode
from app.kernel.access import Role
from app.kernel.commands import CommandSchema
from app.web.answers import words


class Address(fields.String):
    """An address that a mail could reach; kept as it was typed until it is compared."""

    def __init__(self) -> None:
        missing = "Enter an e-mail address"
        super().__init__(
            required=True, error_messages={"required": missing, "null": missing, "invalid": missing}
        )

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        typed = str(super()._deserialize(value, *args, **kwargs))
        if len(typed) > 320 or not addresses.is_address(typed):
            raise ValidationError(SENTENCE)
        return typed


class RoleList(fields.List[Role]):
    """At least one role, of those there are."""

    def __init__(self) -> None:
        missing = "Select at least one role"
        super().__init__(
            fields.Enum(Role, by_value=True, error_messages={"unknown": missing}),
            required=True,
            validate=validate.Length(min=1, error=missing),
            error_messages={"required": missing, "null": missing, "invalid": missing},
        )


class CredentialsSchema(CommandSchema[Credentials]):
    command = Credentials

    email = words("Enter your e-mail address", most=320, label="Your e-mail address")
    password = words("Enter your password", most=1_000, label="Your password")


class CodeSchema(CommandSchema[TypedCode]):
    command = TypedCode

    code = words("Enter the code", most=100, label="The code")


class MailboxSchema(CommandSchema[Mailbox]):
    command = Mailbox

    email = Address()


class NewPasswordSchema(CommandSchema[NewPassword]):
    command = NewPassword

    password = words("Enter a password", most=1_000, label="Your password")


class PasswordChangeSchema(CommandSchema[PasswordChange]):
    command = PasswordChange

    current_password = words("Enter your current password", most=1_000, label="Your current password")
    password = words("Enter a new password", most=1_000, label="Your new password")


class InvitationSchema(CommandSchema[Invitation]):
    command = Invitation

    name = words("Enter their name", most=200, label="Their name")
    email = Address()
    roles = RoleList()


class NewRolesSchema(CommandSchema[NewRoles]):
    command = NewRoles

    roles = RoleList()
    version = fields.Integer(required=True)
