"""Errands, each on the real services."""
