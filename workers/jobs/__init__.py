"""Errands: the only code that talks to the outside world. One effect each, idempotent, tolerant of absence."""
