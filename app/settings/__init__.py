"""What a school or its locality decides for itself, and the national lists both rely on: term dates and codes.

National codes are data with dates of validity (`data/*.csv`), so a change in the law is a new row, not a release.
"""
