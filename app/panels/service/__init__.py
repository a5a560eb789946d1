"""What can be done at a panel: meetings, items, conflicts of interest, decisions."""
