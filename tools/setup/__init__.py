"""Makes a checkout ready to run: the virtual environment and the Pulumi engine. Not part of the package."""
