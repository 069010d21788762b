"""Waiting for domains in the program, before the resource that needs them is registered.

A provider process has four threads for all resources, so nothing waits there. Here a wait holds up nothing but the
resource that needs it.
"""
