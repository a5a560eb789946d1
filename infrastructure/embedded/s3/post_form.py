"""Uploads from a browser form: the signed policy decides which fields and which file are accepted."""

import base64
import binascii
import json
from datetime import datetime
from typing import Any, NamedTuple

from werkzeug.wrappers import Request

from infrastructure.embedded.s3.faults import S3Error, denied, invalid
from infrastructure.embedded.s3.signature import ALGORITHM, Keys, parse_stamp

NOT_COVERED = {"policy", "x-amz-signature", "file"}


class Upload(NamedTuple):
    """A form that its policy allows; names of fields in lower case."""

    fields: dict[str, str]
    content: bytes

    @property
    def key(self) -> str:
        return self.fields["key"]


def checked_upload(request: Request, bucket: str, keys: Keys, *, now: datetime) -> Upload:
    fields = {name.lower(): value for name, value in request.form.items()}
    if len(fields) != len(list(request.form.items(multi=True))):
        raise invalid("A field is given twice.", code="InvalidRequest")
    file = request.files.get("file")
    if file is None or len(request.files.getlist("file")) != 1 or "key" not in fields:
        raise invalid("POST requires a key and exactly one file upload per request.")
    fields["key"] = fields["key"].replace("${filename}", file.filename or "")
    policy = _signed_policy(fields, keys)
    content = file.read()
    _check_policy(policy, {**fields, "bucket": bucket}, len(content), now)
    return Upload(fields, content)


def _signed_policy(fields: dict[str, str], keys: Keys) -> dict[str, Any]:
    if "policy" not in fields:
        raise denied()
    if fields.get("x-amz-algorithm") != ALGORITHM:
        raise invalid(f"Only {ALGORITHM} is accepted.", code="InvalidRequest")
    signed_at = parse_stamp(fields.get("x-amz-date", ""))
    keys.check_scope(fields.get("x-amz-credential", ""), signed_at)
    keys.check(fields.get("x-amz-signature", ""), f"{signed_at:%Y%m%d}", fields["policy"])
    try:
        policy: dict[str, Any] = json.loads(base64.b64decode(fields["policy"], validate=True))
    except (binascii.Error, ValueError):
        raise invalid("The policy is not valid base64 JSON.", code="InvalidPolicyDocument") from None
    return policy


def _check_policy(policy: dict[str, Any], fields: dict[str, str], size: int, now: datetime) -> None:
    if now >= datetime.fromisoformat(policy["expiration"]):
        raise denied("Invalid according to Policy: Policy expired.")
    covered = {_check_condition(condition, fields, size) for condition in _triples(policy["conditions"])}
    extra = {name for name in fields if not name.startswith("x-ignore-")} - covered - NOT_COVERED
    if extra:
        raise denied(f"Invalid according to Policy: Extra input fields: {', '.join(sorted(extra))}")


def _triples(conditions: list[Any]) -> list[list[Any]]:
    """`{"field": "value"}` is short for `["eq", "$field", "value"]`."""
    triples: list[list[Any]] = []
    for condition in conditions:
        if isinstance(condition, dict):
            triples += [["eq", f"${name}", value] for name, value in condition.items()]
        else:
            triples.append(condition)
    return triples


def _check_condition(condition: list[Any], fields: dict[str, str], size: int) -> str:
    kind, second, third = condition
    if kind == "content-length-range":
        _check_size(size, int(second), int(third))
        return ""
    name = str(second).removeprefix("$").lower()
    given = fields.get(name, "")
    met = {"eq": given == str(third), "starts-with": given.startswith(str(third))}.get(kind, False)
    if not met:
        raise denied(f"Invalid according to Policy: Policy Condition failed: {json.dumps(condition)}")
    return name


def _check_size(size: int, least: int, most: int) -> None:
    if size < least:
        raise S3Error("EntityTooSmall", 400, "Your proposed upload is smaller than the minimum allowed size")
    if size > most:
        raise S3Error("EntityTooLarge", 400, "Your proposed upload exceeds the maximum allowed size")
