"""The room of referrals to agencies."""
