"""What can be done with accounts, one capability in each file."""
