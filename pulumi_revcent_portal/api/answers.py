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

__all__ = ["Answer", "Call", "read_answer", "retry_after"]

_MULTIPLE_CHOICES: Final = 300
_BAD_REQUEST: Final = 400
_UNAUTHORIZED: Final = 401
_FORBIDDEN: Final = 403
_NOT_FOUND: Final = 404
_TOO_MANY: Final = 429
_SERVER_ERROR: Final = 500
_LONGEST_MESSAGE: Final = 500
_LONGEST_LOOK: Final = 2000


def _signs(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


_BAD: Final = (
    r"\b(?:invalid|incorrect|wrong|revoked|unknown|expired|disabled|deactivated|inactive|missing|bad|required"
    r"|not valid|not recogni[sz]ed|not found|not exist|not accepted)\b"
)
_RATE: Final = _signs("rate limit", "too many requests", "throttl", "slow down")
_KEY: Final = _signs(
    rf"{_BAD}\W+(?:\w+\W+){{0,2}}?api ?key",
    rf"api ?key(?:\W+\w+){{0,4}}?\W+{_BAD}",
    r"\bkey\b(?:\W+\w+){0,3}?\W+revoked",
    r"\bip\b(?: address)?(?:\W+\w+){0,8}?\W+(?:not allowed|not on|denied|blocked|refused)",
)
_UNKNOWN_CALLER: Final = _signs(r"unauthori[sz]ed", "unauthenticated", "authentication (?:failed|required)")
_ELSEWHERE: Final = _signs("smtp", "mail", "captcha", "permission", "operation", "method", "perform")
"""Words by which a failed authentication is not that of the API key."""
_PERMISSION: Final = _signs(
    r"\b(?:no|not have|lacks?|missing|insufficient|without|requires?|needs?|denied|invalid)\b(?:\W+\w+){0,4}?"
    r"\W+permission",
    r"permissions?\b(?:\W+\w+){0,3}?\W+(?:denied|required|missing|insufficient|not|needed)\b",
    r"not allowed for this (?:api ?)?key",
    r"not permitted to\b",
    r"not authori[sz]ed (?:to|for)\b",
    r"^\W*(?:\w+ )?forbidden\W*$",
    r"api ?key(?:\W+\w+){0,3}?\W+(?:may not|cannot|not allowed|not enabled|lacks)\b",
)
_PORTAL_SETTING: Final = _signs("customer permissions?")
"""The permissions of a portal's customers, which say nothing of the API key's."""
_GONE: Final = _signs(
    "not found",
    "does(?: not|n.?t) exist",
    "no such",
    r"\b(?:invalid|unknown)(?: \w+){0,4}? id\b",
    r"\bid(?: is)? invalid",
)
_NO_SUCH_CALL: Final = _signs(r"\b(?:operation|endpoint|route|method)\b")
_OF_NOTHING_IN_PARTICULAR: Final = frozenset(
    {"a", "an", "be", "could", "does", "error", "exist", "found", "id", "invalid", "is", "it", "item", "no", "not"}
    | {"object", "record", "resource", "such", "that", "the", "this", "unknown", "was", "with"}
)
"""The words of a message that only says that something was not found."""


@dataclass(frozen=True)
class Call:
    """What was asked.

    Attributes:
        entity: our name of the type.
        action: our name of the action.
        request: method and path, for the record.
        title: the type for people.
        object_id: the object that the call is about.
        mentioned: IDs of other objects in the body.
        other_things: words by which a message speaks of something else than the object, in lower case.
    """

    entity: str
    action: str
    request: str
    title: str
    object_id: str | None = None
    mentioned: frozenset[str] = frozenset()
    other_things: tuple[str, ...] = ()

    @property
    def purpose(self) -> str:
        """What was asked, in words: `create a customer portal`."""
        article = "an" if self.title.startswith("SMTP") else "a"
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
    parsed = _parse(answer.body)
    content = parsed if isinstance(parsed, Mapping) else {}
    envelope = contract.envelope(content)
    if envelope.succeeded and answer.status < _MULTIPLE_CHOICES:
        return content
    kind, message = _verdict(call, answer, envelope, _said(envelope, redactor))
    raise kind(
        message,
        request=call.request,
        status=answer.status,
        error_code=redactor.clean(envelope.error_code) if envelope.error_code else None,
        api_call_id=redactor.clean(envelope.call_id) if envelope.call_id else None,
        ambiguous=kind is ServerFailed or (kind is BadAnswer and not _is_redirect(answer.status)),
        retry_after=answer.retry_after,
    )


def _parse(body: bytes) -> Any:
    """Return what a body says in JSON, or None."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _is_redirect(status: int) -> bool:
    return _MULTIPLE_CHOICES <= status < _BAD_REQUEST


def _said(envelope: Envelope, redactor: Redactor) -> str:
    """Return RevCent's own words for the failure as a clause: cleaned, on one line, not too long, no full stop."""
    text, code = (_one_line(redactor.clean(words or "")) for words in (envelope.message, envelope.error_code))
    return f"{text} ({code})" if text and code else text or code


def _one_line(text: str) -> str:
    line = " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", text).split()).rstrip(".")
    return line if len(line) <= _LONGEST_MESSAGE else line[:_LONGEST_MESSAGE] + "..."


def _verdict(  # noqa: PLR0911 - one line per class reads better than any table
    call: Call, answer: Answer, envelope: Envelope, said: str
) -> tuple[type[RevCentError], str]:
    """Return the class and the sentence for a failure."""
    status = answer.status
    words = f"{envelope.error_code or ''} {envelope.message or ''}"[:_LONGEST_LOOK]
    plain = _plain(words)
    why = f": {said}." if said else f" (HTTP {status})."
    if status >= _SERVER_ERROR:
        return ServerFailed, f"RevCent failed (HTTP {status}) when asked to {call.purpose}{why if said else '.'}"
    if status == _TOO_MANY or _RATE.search(plain):
        return RateLimited, f"RevCent asks for fewer requests and declined to {call.purpose}{why}"
    from_revcent = envelope.code is not None
    # a gateway before the API, which only looks at the key, answers 403 with nothing but a message
    from_gateway = status == _FORBIDDEN and not from_revcent and said
    if status == _UNAUTHORIZED or from_gateway or _speaks_of_the_key(plain):
        return KeyRefused, f"RevCent does not accept the API key{why}"
    if not from_revcent and not (status == _NOT_FOUND and call.object_id):
        return BadAnswer, _no_answer(call, answer)
    if status == _FORBIDDEN or _PERMISSION.search(_PORTAL_SETTING.sub("", plain)):
        return PermissionMissing, f"The API key has no permission to {call.purpose}{why}"
    if (status == _NOT_FOUND or _GONE.search(plain)) and _is_about_the_object(call, words, plain):
        return NotFound, f"RevCent has no {call.title} {call.object_id} in the account of this API key{why}"
    return Refused, f"RevCent refused to {call.purpose}{why}"


def _plain(words: str) -> str:
    """Return a text in lower case with blanks between its words: codes come as invalid_id, invalid-id, InvalidId."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", words)
    return re.sub(r"[\s_-]+", " ", apart).strip().lower()


def _speaks_of_the_key(plain: str) -> bool:
    if _KEY.search(plain):
        return "permission" not in plain
    return bool(_UNKNOWN_CALLER.search(plain)) and not _ELSEWHERE.search(plain)


def _is_about_the_object(call: Call, words: str, plain: str) -> bool:
    """Whether "not found" means the object itself.

    An edit may also fail because of something that its settings refer to or lack, and an action because of DNS: there
    the message must name the object, or nothing at all.
    """
    if call.object_id is None or _NO_SUCH_CALL.search(plain):
        return False
    if call.object_id in words or call.action in {"get", "delete"}:
        return True
    if any(object_id in words for object_id in call.mentioned) or any(thing in plain for thing in call.other_things):
        return False
    names_the_object = _plain(call.title).rsplit(" ", 1)[-1] in plain
    return names_the_object or set(re.findall("[a-z]+", plain)) <= _OF_NOTHING_IN_PARTICULAR


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
