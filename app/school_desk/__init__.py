"""The first page of a school: what waits for this person, whichever room it lies in."""
