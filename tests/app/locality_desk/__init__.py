"""The first page of a locality."""
