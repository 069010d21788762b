"""The stack's word: made once, kept for ever, and nothing is asked for it."""

from __future__ import annotations

from tests.providers.account import Account
from tests.providers.engine import Declared, FakeEngine
from tests.providers.programs import IDENTITY


def test_the_word_is_made_once_and_kept(account: Account, engine: FakeEngine) -> None:
    engine.up([IDENTITY])
    word = engine.outputs(IDENTITY.name)["identity"]
    assert len(word) == 12
    assert engine.stored[IDENTITY.name].object_id == word
    engine.settled([IDENTITY])
    engine.refresh()
    engine.up([Declared(IDENTITY.name, IDENTITY.provider, {"anything": "else"})])
    assert engine.outputs(IDENTITY.name)["identity"] == word
    engine.destroy()
    assert account.calls() == []


def test_an_update_would_keep_it_too(engine: FakeEngine) -> None:
    core = IDENTITY.provider.core(engine.account.session(), engine.account.warn)
    assert core.update("word", {"identity": "word"}, {}).outputs == {"identity": "word"}


def test_every_stack_has_its_own(engine: FakeEngine, other_engine: FakeEngine) -> None:
    engine.up([IDENTITY])
    other_engine.up([IDENTITY])
    assert engine.outputs(IDENTITY.name) != other_engine.outputs(IDENTITY.name)
