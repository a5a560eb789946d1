"""AWS Signature Version 4, checked as S3 checks it: in the header, in a presigned address, on a form."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, unquote

from werkzeug.wrappers import Request

from infrastructure.embedded.s3.faults import S3Error, denied, invalid

ALGORITHM = "AWS4-HMAC-SHA256"
UNSIGNED = "UNSIGNED-PAYLOAD"
CLOCK_SKEW = timedelta(minutes=15)
LONGEST_PRESIGNED = timedelta(days=7)
STAMP = "%Y%m%dT%H%M%SZ"
MALFORMED = "AuthorizationHeaderMalformed"


@dataclass(frozen=True)
class Keys:
    """The one account that this server knows."""

    access_key: str
    secret_key: str
    region: str

    def sign(self, day: str, text: str) -> str:
        key = f"AWS4{self.secret_key}".encode()
        for part in (day, self.region, "s3", "aws4_request"):
            key = _hmac(key, part)
        return _hmac(key, text).hex()

    def check_scope(self, credential: str, signed_at: datetime) -> None:
        """`credential` is access key/day/region/service/aws4_request."""
        access_key, _, scope = credential.partition("/")
        if not hmac.compare_digest(access_key.encode(), self.access_key.encode()):
            raise S3Error("InvalidAccessKeyId", 403, "The access key does not exist in our records.")
        if scope != f"{signed_at:%Y%m%d}/{self.region}/s3/aws4_request":
            raise invalid("The credential is for another day, region or service.", code=MALFORMED)

    def check(self, given: str, day: str, text: str) -> None:
        if not hmac.compare_digest(given.encode(), self.sign(day, text).encode()):
            raise S3Error("SignatureDoesNotMatch", 403, "The signature does not match the one we calculated.")


def check_header(request: Request, keys: Keys, *, now: datetime) -> None:
    fields = _authorization_fields(request.headers["Authorization"])
    signed_at = parse_stamp(request.headers.get("X-Amz-Date", ""))
    if abs(now - signed_at) > CLOCK_SKEW:
        raise S3Error(
            "RequestTimeTooSkewed", 403, "The time of the request and that of the server differ too much."
        )
    keys.check_scope(fields["Credential"], signed_at)
    payload_hash = request.headers.get("X-Amz-Content-Sha256")
    if not payload_hash:
        raise invalid("The header x-amz-content-sha256 is missing.", code="InvalidRequest")
    text = _string_to_sign(request, fields["SignedHeaders"], payload_hash, signed_at, keys.region)
    keys.check(fields["Signature"], f"{signed_at:%Y%m%d}", text)


def check_presigned(request: Request, keys: Keys, *, now: datetime) -> None:
    query = {name.lower(): value for name, value in query_pairs(request)}
    if query.get("x-amz-algorithm") != ALGORITHM:
        raise invalid(f"Only {ALGORITHM} is accepted.", code="InvalidRequest")
    signed_at = parse_stamp(query.get("x-amz-date", ""))
    keys.check_scope(query.get("x-amz-credential", ""), signed_at)
    text = _string_to_sign(request, query.get("x-amz-signedheaders", ""), UNSIGNED, signed_at, keys.region)
    keys.check(query.get("x-amz-signature", ""), f"{signed_at:%Y%m%d}", text)
    _check_lifetime(query.get("x-amz-expires", ""), signed_at, now)


def query_pairs(request: Request) -> list[tuple[str, str]]:
    """Without form decoding: in a signed address a plus is a plus."""
    parts = [part for part in request.query_string.decode("latin-1").split("&") if part]
    return [(unquote(name), unquote(value)) for name, _, value in (part.partition("=") for part in parts)]


def parse_stamp(stamp: str) -> datetime:
    try:
        return datetime.strptime(stamp, STAMP).replace(tzinfo=UTC)
    except ValueError:
        raise denied("The date of the signature is missing or not understood.") from None


def _check_lifetime(expires: str, signed_at: datetime, now: datetime) -> None:
    if not expires.isascii() or not expires.isdigit() or int(expires) > LONGEST_PRESIGNED.total_seconds():
        raise invalid("X-Amz-Expires is not a number of seconds up to a week.", code=MALFORMED)
    if signed_at - now > CLOCK_SKEW:
        raise denied("Request is not yet valid")
    if now > signed_at + timedelta(seconds=int(expires)):
        raise denied("Request has expired")


def _authorization_fields(header: str) -> dict[str, str]:
    algorithm, _, rest = header.partition(" ")
    fields = {
        name.strip(): value.strip() for name, _, value in (part.partition("=") for part in rest.split(","))
    }
    if algorithm != ALGORITHM or not {"Credential", "SignedHeaders", "Signature"} <= fields.keys():
        raise invalid(f"Only complete {ALGORITHM} headers are accepted.", code="InvalidRequest")
    return fields


def _string_to_sign(
    request: Request, signed_headers: str, payload_hash: str, signed_at: datetime, region: str
) -> str:
    names = signed_headers.split(";")
    _check_coverage(request, names)
    canonical = "\n".join(
        [
            request.method,
            quote(request.environ["PATH_INFO"].encode("latin-1"), safe="/-_.~"),
            _canonical_query(request),
            "".join(f"{name}:{_header_value(request, name)}\n" for name in names),
            signed_headers,
            payload_hash,
        ]
    )
    scope = f"{signed_at:%Y%m%d}/{region}/s3/aws4_request"
    return "\n".join(
        [ALGORITHM, f"{signed_at:{STAMP}}", scope, hashlib.sha256(canonical.encode()).hexdigest()]
    )


def _check_coverage(request: Request, names: Iterable[str]) -> None:
    """Every header that steers S3 must be signed, or a thief of an address could add to it."""
    must = {"host"} | {name.lower() for name, _ in request.headers if name.lower().startswith("x-amz-")}
    if missing := sorted(must - set(names)):
        raise denied(f"There were headers in the request which were not signed: {', '.join(missing)}")


def _canonical_query(request: Request) -> str:
    pairs = [
        (quote(name, safe="-_.~"), quote(value, safe="-_.~"))
        for name, value in query_pairs(request)
        if name != "X-Amz-Signature"
    ]
    return "&".join(f"{name}={value}" for name, value in sorted(pairs))


def _header_value(request: Request, name: str) -> str:
    return ",".join(" ".join(value.split()) for value in request.headers.getlist(name))


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
