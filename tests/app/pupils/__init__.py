"""The mirror of app/pupils."""
