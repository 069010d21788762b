"""What a program declares: one file per resource."""
