"""Why a file is not taken, in words for the person who chose it."""

from enum import StrEnum

LARGEST_MEGABYTES = 25
LARGEST_BYTES = LARGEST_MEGABYTES * 1024 * 1024


class Reason(StrEnum):
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    WRONG_TYPE = "wrong_type"
    PASSWORD_PROTECTED = "password_protected"  # noqa: S105 - a reason, not a secret
    UNREADABLE = "unreadable"
    UNSAFE_ARCHIVE = "unsafe_archive"
    MACROS = "macros"
    TOO_MANY_PIXELS = "too_many_pixels"
    VIRUS = "virus"


SENTENCES = {
    Reason.EMPTY: "The selected file is empty",
    Reason.TOO_LARGE: f"The selected file must be smaller than {LARGEST_MEGABYTES}MB",
    Reason.WRONG_TYPE: (
        "The selected file must be a PDF, Word document (DOCX), spreadsheet (XLSX), presentation (PPTX), "
        "ODT, RTF or TXT file, picture (JPG, PNG or HEIC) or sound recording (MP3 or M4A). "
        "If its name says that it is, its content is not: open it on your computer and save it again"
    ),
    Reason.PASSWORD_PROTECTED: "The selected file is password protected. Take the password off, then add it again",
    Reason.UNREADABLE: "The selected file could not be opened. Save it again and try once more",
    Reason.UNSAFE_ARCHIVE: "The selected file holds too many or too large files inside it",
    Reason.MACROS: "The selected file contains macros. Save it without macros",
    Reason.TOO_MANY_PIXELS: "The selected picture must be smaller than 50 megapixels",
    Reason.VIRUS: "The selected file contains a virus",
}


class Refused(Exception):
    """`reason_code` is for records, `sentence` for people."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason_code = reason
        self.sentence = SENTENCES[reason]
