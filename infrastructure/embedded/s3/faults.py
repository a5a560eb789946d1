"""The errors that S3 answers with, as XML like Amazon's."""

from html import escape

from werkzeug.wrappers import Response


class S3Error(Exception):
    """An S3 error code with its status and message."""

    def __init__(self, code: str, status: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.message = message


def denied(message: str = "Access Denied") -> S3Error:
    return S3Error("AccessDenied", 403, message)


def invalid(message: str, *, code: str = "InvalidArgument") -> S3Error:
    return S3Error(code, 400, message)


def not_offered(message: str) -> S3Error:
    return S3Error("NotImplemented", 501, message)


def fault_page(fault: S3Error, *, resource: str) -> Response:
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{fault.code}</Code><Message>{escape(fault.message)}</Message>"
        f"<Resource>{escape(resource)}</Resource></Error>"
    )
    return Response(body, status=fault.status, content_type="application/xml")
