"""The room of requests to the locality."""
