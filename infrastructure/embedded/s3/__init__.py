"""A strict local S3: moto stores, and what moto does not check is checked in front of it."""
