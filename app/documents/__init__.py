"""Documents about a child: uploaded into quarantine, checked by a job, and only then opened by anybody."""
