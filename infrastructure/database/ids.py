"""Identifiers: uuidv7, made here so that rows for others need no RETURNING and indexes stay close together."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    return uuid7()
