"""E-mail addresses as people type them, and as one account is known by them."""

from email_validator import EmailNotValidError, validate_email

from app.kernel import names


def plain(typed: str) -> str:
    """For comparing: no invisible characters, no spaces, small letters."""
    return "".join(names.tidy(typed).split()).lower()


def is_address(typed: str) -> bool:
    """Whether a mail could be sent there. Addresses of ASCII letters only: they are small and large in one way."""
    try:
        validate_email(plain(typed), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return False
    return True
