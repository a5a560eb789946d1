"""The mirror of the tree, and the proofs that belong to no single file."""
