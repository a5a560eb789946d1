"""The mirror of app/plans."""
