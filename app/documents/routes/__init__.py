"""Pages of documents, one file for each audience."""
