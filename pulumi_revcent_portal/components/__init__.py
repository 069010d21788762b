"""What a program declares as one thing, made of several resources: one file per component."""
