"""Asking, answering, withdrawing, sharing."""
