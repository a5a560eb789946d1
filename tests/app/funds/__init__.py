"""The money of a locality."""
