"""Proofs that PostgreSQL keeps tenants apart, each shown to bite."""
