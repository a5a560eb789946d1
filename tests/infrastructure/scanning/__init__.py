"""Files as people send them, and as they must not."""
