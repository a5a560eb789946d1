"""What a family sees, and what it never sees."""
