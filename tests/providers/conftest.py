"""Fixtures of the provider tests: an account in this process, and stacks that reach it."""

from __future__ import annotations

import pytest

from tests.providers.account import Account
from tests.providers.engine import FakeEngine
from tests.providers.programs import PORTAL
from tests.providers.world import furnish


@pytest.fixture
def account() -> Account:
    """An account with the ready domain and the mail profile that `PORTAL` names by ID."""
    made = Account()
    furnish(made.box, PORTAL)
    return made


@pytest.fixture
def engine(account: Account) -> FakeEngine:
    return FakeEngine(account)


@pytest.fixture
def other_engine(account: Account) -> FakeEngine:
    """Another stack on the same account."""
    return FakeEngine(account)
