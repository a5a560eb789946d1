"""One change each, oldest first."""
