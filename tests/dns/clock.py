"""A clock that stands still until a test moves it. Not a test."""

from __future__ import annotations


class Clock:
    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds
