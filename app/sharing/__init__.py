"""What a school hands over on purpose: asks and answers, withdrawals, shares and the documents in them."""
