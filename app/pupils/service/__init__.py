"""What can be done with pupils, their contacts, the family portal and the roll: one capability a file."""
