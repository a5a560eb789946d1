"""Finding meetings, items and how they stand."""
