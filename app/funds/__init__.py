"""The money of a locality: funds by financial year, and a ledger in which every penny has its reason."""
