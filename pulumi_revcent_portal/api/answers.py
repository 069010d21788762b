"""Tells a success from a failure, and the kinds of failure from each other; pure, it neither sends nor repeats.

RevCent documents neither HTTP status codes nor error codes, so the words of its messages are read too: tolerant in
what counts as a sign, careful where a wrong guess would do harm ("not found" makes a resource disappear).
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

from pulumi_revcent_portal.api.errors import (
    BadAnswer,
    KeyRefused,
    NotFound,
    PermissionMissing,
    RateLimited,
    Refused,
    RevCentError,
    ServerFailed,
)

if TYPE_CHECKING:
    from pulumi_revcent_portal.api.contract import Contract, Envelope
    from pulumi_revcent_portal.api.redaction import Redactor

__all__ = ["Call", "read_answer"]

_MULTIPLE_CHOICES: Final = 300
_BAD_REQUEST: Final = 400
_UNAUTHORIZED: Final = 401
_FORBIDDEN: Final = 403
_NOT_FOUND: Final = 404
_TOO_MANY: Final = 429
_SERVER_ERROR: Final = 500
_LONGEST_MESSAGE: Final = 500


def _words(pattern: str) -> re.Pattern[str]:
    """Compile a pattern in which a blank stands for a blank, `_` or `-`: error codes are spelt in many ways."""
    return re.compile(pattern.replace(" ", r"[\s_-]*"), re.IGNORECASE)


_RATE: Final = _words(r"rate limit|too many requests|throttl|slow down")
_BAD: Final = (
    r"(?:invalid|incorrect|wrong|revoked|unknown|expired|disabled|deactivated|inactive|missing|bad|required"
    r"|not valid|not recogni[sz]ed|not found|not exist|not accepted)"
)
_KEY: Final = _words(
    rf"{_BAD}\W+(?:\w+\W+){{0,2}}?(?:x )?api key|api key(?:\W+\w+){{0,4}}?\W+{_BAD}"
    rf"|{_BAD}[\s_-]+key$|\bip(?: address)?\b(?:\W+\S+){{0,4}}?\W+(?:not allowed|not on|denied|blocked|refused)"
)
_UNKNOWN_CALLER: Final = _words(r"unauthori[sz]ed|unauthenticated|authentication (?:failed|required)|not authenticated")
_ELSEWHERE: Final = _words(r"smtp|mail|captcha|permission|operation|method|perform")
"""Words by which a failed authentication is not that of the API key."""
_PERMISSION: Final = _words(
    r"(?:no|not have|lacks?|missing|insufficient|without|requires?|needs?|denied|invalid)\b(?:\W+\w+){0,4}?"
    r"\W+permission"
    r"|permissions?\b(?:\W+\w+){0,3}?\W+(?:denied|required|missing|insufficient|not|needed)|permission denied"
    r"|not allowed for this (?:api )?key|not permitted|forbidden|not authori[sz]ed"
    r"|key\b(?:\W+\w+){0,3}?\W+(?:may not|cannot|not allowed|not enabled|lacks)"
)
_PORTAL_SETTING: Final = _words(r"customer permissions?\S*")
"""The permissions of a portal's customers, which say nothing of the API key's."""
_GONE: Final = _words(
    r"not found|does(?: not|n.?t) exist|no such|(?:invalid|unknown)(?:[\s_-]+\w+){0,4}?[\s_-]+id\b|\bid(?: is)? invalid"
)


@dataclass(frozen=True)
class Call:
    """What was asked.

    Attributes:
        entity: our name of the type.
        action: our name of the action.
        request: method and path, for the record.
        title: the type for people.
        object_id: the object that the call is about.
        mentioned: IDs in the body: objects that the settings refer to.
        other_titles: the names of the other types for people; a message that speaks of one is not about this object.
    """

    entity: str
    action: str
    request: str
    title: str
    object_id: str | None = None
    mentioned: frozenset[str] = frozenset()
    other_titles: tuple[str, ...] = ()

    @property
    def purpose(self) -> str:
        """What was asked, in words: `create a customer portal`."""
        article = "an" if self.title[0] in "SU" else "a"
        match self.action:
            case "list":
                return f"list the {self.title}s"
            case "get":
                return f"read this {self.title}"
            case "create":
                return f"create {article} {self.title}"
            case "initialize_ssl":
                return f"start the certificate of this {self.title}"
            case "initialize_dns":
                return f"start the DNS of this {self.title}"
            case _:
                return f"{self.action} this {self.title}"


@dataclass(frozen=True)
class Answer:
    """What came back over HTTP: the status, the body as it came, and the seconds that RevCent asked to wait."""

    status: int
    body: bytes
    retry_after: float | None = None


def read_answer(contract: Contract, call: Call, answer: Answer, redactor: Redactor) -> Mapping[str, Any]:
    """Return the content of a successful answer.

    Args:
        contract: says where an answer keeps its envelope.
        call: what was asked.
        answer: what came back.
        redactor: knows the secrets of the request.

    Raises:
        RevCentError: the call failed; which class says why.
    """
    content = _parse(answer.body)
    envelope = contract.envelope(content) if content is not None else None
    if content is not None and envelope is not None and envelope.succeeded and answer.status < _MULTIPLE_CHOICES:
        return content
    code = envelope.error_code if envelope else None
    said = _said(envelope, redactor)
    kind, message = _verdict(call, answer, envelope, said)
    call_id = envelope.call_id if envelope else None
    raise kind(
        message,
        request=call.request,
        status=answer.status,
        error_code=redactor.clean(code) if code else None,
        api_call_id=redactor.clean(call_id) if call_id else None,
        ambiguous=kind is ServerFailed or (kind is BadAnswer and not _is_redirect(answer.status)),
        retry_after=answer.retry_after,
    )


def _parse(body: bytes) -> Mapping[str, Any] | None:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, Mapping) else None


def _is_redirect(status: int) -> bool:
    return _MULTIPLE_CHOICES <= status < _BAD_REQUEST


def _said(envelope: Envelope | None, redactor: Redactor) -> str:
    """Return RevCent's own words for the failure as a clause: cleaned, on one line, not too long, no full stop."""
    if envelope is None:
        return ""
    text = " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", redactor.clean(envelope.message or "")).split()).rstrip(".")
    if len(text) > _LONGEST_MESSAGE:
        text = text[:_LONGEST_MESSAGE] + "..."
    code = redactor.clean(envelope.error_code or "")
    return f"{text} ({code})" if text and code else text or code


def _verdict(  # noqa: PLR0911 - one line per class reads better than any table
    call: Call, answer: Answer, envelope: Envelope | None, said: str
) -> tuple[type[RevCentError], str]:
    """Return the class and the sentence for a failure."""
    status = answer.status
    words = f"{envelope.error_code or ''} {envelope.message or ''}" if envelope else ""
    why = f": {said}." if said else f" (HTTP {status})."
    if status >= _SERVER_ERROR:
        return ServerFailed, f"RevCent failed (HTTP {status}) when asked to {call.purpose}{why if said else '.'}"
    if status == _TOO_MANY or _RATE.search(words):
        return RateLimited, f"RevCent asks for fewer requests and declined to {call.purpose}{why}"
    if status == _UNAUTHORIZED or _speaks_of_the_key(words):
        return KeyRefused, f"RevCent does not accept the API key{why}"
    if status == _FORBIDDEN or _PERMISSION.search(_PORTAL_SETTING.sub("", words)):
        return PermissionMissing, f"The API key has no permission to {call.purpose}{why}"
    if envelope is None and not (status == _NOT_FOUND and call.object_id):
        return BadAnswer, _no_answer(call, answer)
    if (status == _NOT_FOUND or _GONE.search(words)) and _is_about_the_object(call, words):
        return NotFound, f"RevCent has no {call.title} {call.object_id} in the account of this API key{why}"
    return Refused, f"RevCent refused to {call.purpose}{why}"


def _speaks_of_the_key(words: str) -> bool:
    if _KEY.search(words):
        return "permission" not in words.lower()
    return bool(_UNKNOWN_CALLER.search(words)) and not _ELSEWHERE.search(words)


def _is_about_the_object(call: Call, words: str) -> bool:
    """Whether "not found" means the object itself, and not something that the sent settings refer to."""
    if call.object_id is None:
        return False
    if call.object_id in words:
        return True
    plain = re.sub(r"[\s_-]+", " ", words.lower())
    return not any(object_id in words for object_id in call.mentioned) and not any(
        title in plain for title in call.other_titles
    )


def _no_answer(call: Call, answer: Answer) -> str:
    """Say in which way a body is no answer of RevCent's API."""
    if _is_redirect(answer.status):
        where = f"answered with a redirect (HTTP {answer.status}) when asked to {call.purpose}"
        return f"RevCent's address {where}. Is revcent:baseUrl right?"
    if not answer.body.strip():
        what = "an empty body"
    elif _parse(answer.body) is not None:
        what = "JSON without RevCent's envelope"
    elif answer.body.lstrip()[:1] in {b"{", b"["}:
        what = "JSON that is cut off or broken"
    else:
        what = "something that is not JSON"
    return (
        f"Asked to {call.purpose}, RevCent's address answered HTTP {answer.status} with {what}. "
        "If that happens every time, revcent:baseUrl or a proxy is the cause."
    )


def retry_after(header: str | None, now: dt.datetime) -> float | None:
    """Return the seconds to wait that a `Retry-After` header asks for (RFC 9110, section 10.2.3: seconds or a date).

    Args:
        header: the header's value; one that cannot be understood counts as none.
        now: the present, with its zone.
    """
    text = (header or "").strip()
    if re.fullmatch(r"\d{1,9}(?:\.\d+)?", text):
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return max(0.0, (moment - now).total_seconds())
