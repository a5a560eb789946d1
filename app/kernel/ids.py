"""Identifiers that rooms make for themselves. People see references, never these."""

from infrastructure.database.ids import new_id

__all__ = ["new_id"]
