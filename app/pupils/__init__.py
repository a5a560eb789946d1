"""The pupils on a school's roll: who they are, who cares for them, and how a roll comes in from a file."""
