"""Telling people: a message in their inbox and a mail that says what kind of thing it is and what to do, never about whom."""
