"""The diary: numbered versions, and the words in which they grant and protect."""
