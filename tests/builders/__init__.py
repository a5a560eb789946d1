"""Small builders of what a test needs to exist already, one module for each room."""
