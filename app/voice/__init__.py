"""What children and families say, in their own words: who said it, how, and who wrote it down."""
