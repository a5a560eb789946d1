"""Whose: which organisation a request, a job or a row belongs to. Knows no pupil."""
