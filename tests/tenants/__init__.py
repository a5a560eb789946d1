"""Whose."""
