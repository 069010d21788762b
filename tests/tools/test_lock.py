from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from tools.setup.lock import exclusive

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tools.conftest import Talk


def test_a_second_set_up_waits_for_the_first_and_says_so(tmp_path: Path, talk: Talk) -> None:
    order: list[str] = []

    def second() -> None:
        with exclusive(tmp_path / "deep" / "lock", talk):
            order.append("second")

    with exclusive(tmp_path / "deep" / "lock", talk):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.3)
        assert thread.is_alive()
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]
    assert "another set-up is at work" in talk.text


def test_a_free_lock_says_nothing(tmp_path: Path, talk: Talk) -> None:
    for _ in range(2):
        with exclusive(tmp_path / "lock", talk):
            pass
    assert talk.text == ""
