"""The first page of a locality: what needs this person, gathered from the panel and the funds."""
