"""The mirror of infrastructure/database, as far as rooms do not show it."""
