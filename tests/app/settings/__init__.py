"""The mirror of app/settings."""
