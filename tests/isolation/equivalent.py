"""Clauses whose relaxation cannot be seen from outside, each with the reason why that is safe."""

EQUIVALENT: dict[str, str] = {}
