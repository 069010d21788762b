"""A fleet as a file: reading it with its lines, and the references that stand in it for secrets."""
