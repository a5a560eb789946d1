"""What a browser may say about a document."""

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from app.documents.service import LONGEST_NAME, Upload, problem_with
from app.kernel.commands import CommandSchema
from app.web.answers import words

CHOOSE = "Select a file"


class UploadSchema(CommandSchema[Upload]):
    """`file` is the name of the file and `size` its bytes: from the file itself, or told by our script."""

    command = Upload

    title = words("Enter what this document is", most=LONGEST_NAME, label="What this document is")
    file = fields.String(
        required=True, attribute="filename", error_messages={"required": CHOOSE, "invalid": CHOOSE}
    )
    size = fields.Integer(load_default=None, error_messages={"invalid": CHOOSE})

    @validates_schema(skip_on_field_errors=False)
    def _check_file(self, data: dict[str, Any], **_: Any) -> None:
        problem = problem_with(data["filename"], data.get("size")) if data.get("filename") else ""
        if problem:
            raise ValidationError(problem, "file")
