"""The room of what a professional sees through a link."""
