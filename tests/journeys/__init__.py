"""Whole stories, told in a real browser."""
