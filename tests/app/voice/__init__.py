"""The mirror of app/voice."""
