"""How the service is run outside a developer's machine."""
