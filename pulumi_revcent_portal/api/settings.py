"""The options that say which RevCent to talk to and how, from the stack's configuration or the environment; no I/O."""

from __future__ import annotations

import ipaddress
import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, TypeAlias
from urllib.parse import urlsplit

from pulumi_revcent_portal.api.errors import SettingError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["EXPLICIT_ACCOUNT", "NO_LOOKUP", "KeySource", "Settings", "environment_name", "read_settings"]

KeySource: TypeAlias = Literal["configuration", "environment", "none"]

EXPLICIT_ACCOUNT: Final = "revcent:explicitAccount"
"""Set to `true` by an explicit account, which takes only what it is given and never the environment."""

_TRUE: Final = frozenset({"true", "1", "yes", "on"})
_FALSE: Final = frozenset({"false", "0", "no", "off"})
_PRINTABLE: Final = re.compile(r"[\x21-\x7e]+")
_LONGEST_TIMEOUT: Final = 600.0
_MOST_RETRIES: Final = 10
_LAST_PORT: Final = 65535
NO_LOOKUP: Final = "none"
"""What `revcent:resolvers` says where the program must not, or cannot, look at the DNS itself."""


@dataclass(frozen=True)
class Settings:
    """How to reach one RevCent account. Hashable: equal settings may share one client.

    Attributes:
        api_key: the API key of the account; empty when none is configured, and never part of `repr()`.
        base_url: where the API lives, without a slash at the end.
        requests_per_minute: the budget of this process, every retry included.
        timeout: seconds to wait for a connection, and for each part of an answer.
        max_retries: how often a request is repeated at most.
        contract: path of a file with RevCent's own spellings; None for the built-in ones.
        offline: whether to make no request at all.
        ownership_mark: whether objects carry a mark of their owner in their description.
        resolvers: name servers to ask about the DNS, separated by commas, such as `192.0.2.53` or `127.0.0.1:8053`, or
            `none` to look nothing up and leave it to RevCent; the system's own when empty.
        key_source: where the key came from, for error messages.
    """

    api_key: str = field(default="", repr=False)
    base_url: str = "https://api.revcent.com/v2"
    requests_per_minute: int = 1200
    timeout: float = 30.0
    max_retries: int = 4
    contract: str | None = None
    offline: bool = False
    ownership_mark: bool = True
    resolvers: tuple[str, ...] = ()
    key_source: KeySource = "none"


def environment_name(option: str) -> str:
    """Return the environment variable of an option: `revcent:baseUrl` is `REVCENT_BASE_URL`."""
    name = option.partition(":")[2]
    return "REVCENT_" + re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper()


def read_settings(get: Callable[[str], str | None], environment: Mapping[str, str]) -> Settings:
    """Return the settings of a provider.

    Args:
        get: returns the value of an option of the configuration, such as `revcent:apiKey`, or None.
        environment: the environment variables; ignored for an explicit account. The configuration wins.

    Raises:
        SettingError: a value that cannot be used. A missing key is no error here, because a preview may not need one.
    """
    reader = _Reader(get, {} if _is_explicit(get) else environment)
    default = Settings()
    key = reader.text("apiKey") or ""
    if key and not _PRINTABLE.fullmatch(key):
        raise reader.wrong(
            "apiKey", "holds characters that no API key has (a space, a line break, an accent?)", show=False
        )
    return Settings(
        api_key=key,
        base_url=_base_url(reader) or default.base_url,
        requests_per_minute=reader.whole("requestsPerMinute", 1, 1_000_000) or default.requests_per_minute,
        timeout=reader.seconds("timeout") or default.timeout,
        max_retries=default.max_retries if (count := reader.whole("maxRetries", 0, _MOST_RETRIES)) is None else count,
        contract=reader.text("contract"),
        offline=reader.switch("offline", default=default.offline),
        ownership_mark=reader.switch("ownershipMark", default=default.ownership_mark),
        resolvers=_resolvers(reader),
        key_source=reader.source("apiKey"),
    )


def _is_explicit(get: Callable[[str], str | None]) -> bool:
    return (get(EXPLICIT_ACCOUNT) or "").strip().lower() in _TRUE


class _Reader:
    """Looks an option up in the configuration, then in the environment, and words what is wrong with a value."""

    def __init__(self, get: Callable[[str], str | None], environment: Mapping[str, str]) -> None:
        self._get = get
        self._environment = environment

    def _configured(self, name: str) -> str:
        return (self._get(f"revcent:{name}") or "").strip()

    def text(self, name: str) -> str | None:
        """Return the value without blanks around it; an empty one counts as not set."""
        return self._configured(name) or self._environment.get(environment_name(f"revcent:{name}"), "").strip() or None

    def source(self, name: str) -> KeySource:
        if self._configured(name):
            return "configuration"
        return "environment" if self.text(name) else "none"

    def wrong(self, name: str, what: str, *, show: bool = True) -> SettingError:
        """Return the error for a value; `show` is False where the value may hold a secret."""
        option = f"revcent:{name}"
        value = f" '{self.text(name)}'" if show else ""
        command = f"pulumi config set {'' if show else '--secret '}{option}"
        if self.source(name) == "configuration":
            return SettingError(f"{option}{value} {what}. Set it with '{command} ...'.")
        variable = environment_name(option)
        return SettingError(f"{variable}{value} {what}. Correct the environment variable, or use '{command} ...'.")

    def whole(self, name: str, least: int, most: int) -> int | None:
        text = self.text(name)
        if text is None:
            return None
        if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
            raise self.wrong(name, f"must be a whole number from {least} to {most}")
        return int(text)

    def seconds(self, name: str) -> float | None:
        text = self.text(name)
        if text is None:
            return None
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not 0 < value <= _LONGEST_TIMEOUT:
            raise self.wrong(name, f"must be a number of seconds above 0 and up to {_LONGEST_TIMEOUT:g}")
        return value

    def switch(self, name: str, *, default: bool) -> bool:
        word = (self.text(name) or str(default)).lower()
        if word not in _TRUE | _FALSE:
            raise self.wrong(name, "must be true or false")
        return word in _TRUE


def _base_url(reader: _Reader) -> str | None:
    """Return the base URL without a slash at the end, if it neither holds a password nor sends the key in clear."""
    text = reader.text("baseUrl")
    if text is None:
        return None
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise reader.wrong("baseUrl", "is not a URL", show=False) from None
    if parts.username is not None or parts.password is not None:
        raise reader.wrong(
            "baseUrl", "holds a user name or password, which RevCent does not use: leave them out", show=False
        )
    if parts.scheme not in {"http", "https"} or not host or re.search(r"\s", text):
        raise reader.wrong("baseUrl", "is not a URL such as https://api.revcent.com/v2")
    if parts.query or parts.fragment:
        raise reader.wrong("baseUrl", "must end with a path: leave out '?' and '#' and what follows them")
    if parts.scheme == "http" and not is_loopback(host):
        raise reader.wrong("baseUrl", "must begin with https://, because the API key would travel in clear")
    return text.rstrip("/")


def _resolvers(reader: _Reader) -> tuple[str, ...]:
    """Return the name servers as they were written; (`none`,) where nothing is to be looked up."""
    text = reader.text("resolvers")
    if text is None:
        return ()
    given = tuple(part for part in re.split(r"[\s,]+", text) if part)
    if [part.lower() for part in given] == [NO_LOOKUP]:
        return (NO_LOOKUP,)
    if not given or not all(_is_server(part) for part in given):
        raise reader.wrong(
            "resolvers",
            "is no list of name servers: write IP addresses, separated by commas, such as "
            f"192.0.2.53,[2001:db8::53]:53, or '{NO_LOOKUP}'",
        )
    return given


def _is_server(text: str) -> bool:
    bracketed = re.fullmatch(r"\[([^\]]+)\](?::(\d{1,5}))?", text)
    if bracketed:
        host, port = bracketed[1], bracketed[2]
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
    else:
        host, port = text, None
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return port is None or (port.isdigit() and 1 <= int(port) <= _LAST_PORT)


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine itself."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
