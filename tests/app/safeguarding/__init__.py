"""The room of restricted notes."""
