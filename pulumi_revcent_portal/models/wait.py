"""How long a program waits for a domain. Nothing here waits."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final

from pydantic import AfterValidator, PlainValidator, Strict

from pulumi_revcent_portal.models.base import Model, validate
from pulumi_revcent_portal.models.wording import kind, shown

_PARTS: Final = re.compile(r"(?:(\d{1,4})h)?(?:(\d{1,6})m)?(?:(\d{1,7})s)?")
_LONGEST: Final = 7 * 24 * 3600


def seconds_of(duration: str) -> int:
    """Return the seconds of a duration such as `90s`, `20m` or `1h30m`.

    Raises:
        ValueError: it is no such text, or not between a second and a week.
    """
    found = _PARTS.fullmatch(duration.strip().lower()) if duration.strip() else None
    if found is None:
        raise ValueError(f"{shown(duration)} is no duration. Write it like 90s, 20m or 1h30m.")
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    total = hours * 3600 + minutes * 60 + seconds
    if not 1 <= total <= _LONGEST:
        raise ValueError(f"{shown(duration)} is not between a second and a week. wait=False does not wait at all.")
    return total


def _duration(value: str) -> str:
    seconds_of(value)
    return value


class Wait(Model):
    """How long to wait until a domain is far enough. Waiting holds up nothing else."""

    timeout: Annotated[str, Strict(), AfterValidator(_duration)] = "20m"
    """The longest time, such as 90s, 20m or 1h30m. Ours."""

    @property
    def seconds(self) -> int:
        """The longest time in seconds."""
        return seconds_of(self.timeout)


def _wait(value: Any) -> Wait | bool:
    if value is True:
        return Wait()
    if value is False or isinstance(value, Wait):
        return value
    if isinstance(value, dict):
        return validate(Wait, value)
    raise ValueError(
        f'must be a Wait or False, not {kind(value)}. Write wait=revcent.Wait(timeout="20m"), or wait=False to look '
        "once and fail with what is missing."
    )


WaitOrNot = Annotated[Wait | bool, PlainValidator(_wait, json_schema_input_type=Wait | bool)]
"""How long to wait, or False: look once."""
