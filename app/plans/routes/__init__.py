"""Pages of plans for the school: reading, drafting, targets, provision, and the family's answer."""
