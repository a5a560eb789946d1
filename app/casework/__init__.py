"""What requests to the locality and referrals to agencies have in common: the story so far, evidence, references."""
