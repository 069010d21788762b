"""How long to pause between two looks: short while somebody looks at the screen, longer as time goes by. Pure."""

from __future__ import annotations

from typing import Final

SHORTEST: Final = 1.0
LONGEST: Final = 15.0
SHARE: Final = 0.05
"""A pause is a twentieth of the time gone, so that waiting takes at most that much longer than it must."""


def pause(gone: float) -> float:
    """Return the seconds until the next look.

    Args:
        gone: seconds since the wait began.
    """
    return min(LONGEST, max(SHORTEST, SHARE * gone))


def spoken(seconds: float) -> str:
    """Return a time as people write it: `45s`, `2m10s`, `1h5m`."""
    whole = int(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    if hours:
        return f"{hours}h{minutes}m" if minutes else f"{hours}h"
    if minutes:
        return f"{minutes}m{rest}s" if rest else f"{minutes}m"
    return f"{rest}s"
