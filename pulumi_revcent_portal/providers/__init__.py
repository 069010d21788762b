"""What the engine calls: one provider per resource over one reconciling core.

State files refer to the provider classes by module path and class name, for refresh and destroy.
So a module here is never moved or renamed, and neither is a provider class.
"""
