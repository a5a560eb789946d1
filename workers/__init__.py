"""Afterwards: the relay, the one function that RQ may call, what follows from which event, and the schedule."""
