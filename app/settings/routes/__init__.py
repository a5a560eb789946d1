"""Pages: school.py and classes.py for schools, locality.py for rules, terms.py for both."""
