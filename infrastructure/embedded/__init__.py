"""Local PostgreSQL, Valkey, S3 and SMTP for the demo and the tests; never used in production."""
