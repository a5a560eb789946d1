"""The audit: PostgreSQL appends and seals it; here it is proved whole. Nobody reads what it is about."""
