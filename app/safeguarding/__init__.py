"""Restricted notes: anybody at the school may write one down, only the safeguarding lead (DSL) may read it."""
