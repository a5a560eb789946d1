"""What requests and referrals have in common."""
