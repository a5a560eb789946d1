"""SEND Support Plans: drafted, shared with the family, agreed; an agreed plan never changes, a new version is opened."""
