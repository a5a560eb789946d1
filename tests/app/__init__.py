"""The service, room by room."""
