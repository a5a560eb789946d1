"""What the operator can do, on the command line only: organisations, first admins, health, dead post. Never content."""
