"""What can be done: school.py, classes.py, terms.py and rules.py."""
