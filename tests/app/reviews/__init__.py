"""The mirror of app/reviews."""
