"""Pages for signing in and for keeping staff."""
