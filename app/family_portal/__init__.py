"""Pages for a parent or carer: gathered from the rooms below, in plain words, one child at a time."""
