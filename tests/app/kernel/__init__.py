"""The mirror of app/kernel."""
