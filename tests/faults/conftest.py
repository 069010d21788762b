"""Fixtures of the fault tests: those of the engine tests."""

from __future__ import annotations

from tests.engine.conftest import environment, new_stack, sandbox, stack

__all__ = ["environment", "new_stack", "sandbox", "stack"]
