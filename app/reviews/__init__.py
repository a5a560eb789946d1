"""Reviews: how each target went, what the family and the child say, and the next version of the plan."""
