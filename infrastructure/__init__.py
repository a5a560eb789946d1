"""The outside world: database, queue, storage, mail, virus scan, observability. Knows nothing of ours."""
