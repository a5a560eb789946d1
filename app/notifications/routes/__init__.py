"""The inbox: staff.py at a school or locality, family.py below one child."""
