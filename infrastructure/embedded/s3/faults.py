"""The errors that S3 answers with, as XML like Amazon's."""

from xml.sax.saxutils import escape

from werkzeug.wrappers import Response


class S3Fault(Exception):
    """An S3 error code with its status and message."""

    def __init__(self, code: str, status: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.message = message


def denied(message: str = "Access Denied") -> S3Fault:
    return S3Fault("AccessDenied", 403, message)


def invalid(message: str, *, code: str = "InvalidArgument") -> S3Fault:
    return S3Fault(code, 400, message)


def not_offered(message: str) -> S3Fault:
    return S3Fault("NotImplemented", 501, message)


def fault_page(fault: S3Fault, *, resource: str) -> Response:
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{fault.code}</Code><Message>{escape(fault.message)}</Message>"
        f"<Resource>{escape(resource)}</Resource></Error>"
    )
    return Response(body, status=fault.status, content_type="application/xml")
