"""The mirror of app/provision."""
