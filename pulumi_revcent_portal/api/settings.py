"""The options that say which RevCent to talk to and how: what they may be, and where they come from. No I/O.

They come from the stack's configuration and the environment, or from an explicit account alone.
"""

from __future__ import annotations

import ipaddress
import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias
from urllib.parse import urlsplit

from pulumi_revcent_portal.api.errors import SettingError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = [
    "ACCOUNT_NAME",
    "EXPLICIT_ACCOUNT",
    "NO_LOOKUP",
    "KeySource",
    "Settings",
    "WrongOption",
    "environment_name",
    "option_name",
    "read_settings",
    "wrong_options",
]

KeySource: TypeAlias = Literal["account", "configuration", "environment", "none"]

EXPLICIT_ACCOUNT: Final = "revcent:explicitAccount"
"""Set to `true` by an explicit account, which takes only what it is given and never the environment."""
ACCOUNT_NAME: Final = "revcent:accountName"
"""Set by an explicit account to its name in the program, for messages."""

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
        account: the explicit account that all this was given to, by its name in the program; empty for the stack's own.
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
    account: str = ""


@dataclass(frozen=True)
class WrongOption:
    """An option whose value cannot be used.

    Attributes:
        name: the attribute of `Settings` that it is for.
        problem: the value, unless it may hold a secret, and what is wrong with it.
        secret: whether the value may hold a secret.
    """

    name: str
    problem: str
    secret: bool = False


def option_name(attribute: str) -> str:
    """Return the option that an attribute of `Settings` is read from: `base_url` is `revcent:baseUrl`."""
    return "revcent:" + re.sub(r"_(\w)", lambda match: match[1].upper(), attribute)


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
        SettingError: values that cannot be used. A missing key is no error here, because a preview may not need one;
            but it is one for an explicit account, which cannot get it from anywhere else.
    """
    reader = _Reader(get, {} if _is_explicit(get) else environment)
    given = reader.everything()
    if reader.wrong:
        raise SettingError("\n".join(map(reader.worded, reader.wrong)))
    return Settings(**given, key_source=reader.source("api_key"), account=reader.account or "")


def wrong_options(get: Callable[[str], str | None]) -> list[WrongOption]:
    """Return what is wrong with the options of an explicit account.

    Args:
        get: returns the value of an option, such as `revcent:apiKey`, or None.
    """
    reader = _Reader(get, {})
    reader.everything()
    return reader.wrong


def _is_explicit(get: Callable[[str], str | None]) -> bool:
    return (get(EXPLICIT_ACCOUNT) or "").strip().lower() in _TRUE


class _Refusal(Exception):  # noqa: N818 - it never leaves this module
    """A value cannot be used."""

    def __init__(self, wrong: WrongOption) -> None:
        super().__init__(wrong.problem)
        self.wrong = wrong


class _Reader:
    """Looks options up in the configuration, then in the environment, and collects what is wrong with them.

    Attributes:
        account: the name of the explicit account that is read; None where it is the stack's own.
        wrong: what cannot be used of what was read so far.
    """

    def __init__(self, get: Callable[[str], str | None], environment: Mapping[str, str]) -> None:
        self._get = get
        self._environment = environment
        self.account = (get(ACCOUNT_NAME) or "") if _is_explicit(get) else None
        self.wrong: list[WrongOption] = []

    def everything(self) -> dict[str, Any]:
        """Return the values of the options that are set and can be used, under the names of `Settings`."""
        values: dict[str, Any] = {}
        for name, parse in _PARSERS.items():
            try:
                value = parse(self, name)
            except _Refusal as refusal:
                self.wrong.append(refusal.wrong)
            else:
                values |= {} if value is None else {name: value}
        return values

    def text(self, name: str) -> str | None:
        """Return the value without blanks around it; an empty one counts as not set."""
        return self._configured(name) or self._environment.get(environment_name(option_name(name)), "").strip() or None

    def _configured(self, name: str) -> str:
        return (self._get(option_name(name)) or "").strip()

    def source(self, name: str) -> KeySource:
        if self._configured(name):
            return "configuration" if self.account is None else "account"
        return "environment" if self.text(name) else "none"

    def refusal(self, name: str, what: str, *, show: bool = True) -> _Refusal:
        """Return what to raise about a value; `show` is False where it may hold a secret."""
        return _Refusal(WrongOption(name, f"'{self.text(name)}' {what}" if show else what, secret=not show))

    def worded(self, wrong: WrongOption) -> str:
        """Say of a wrong option where it was set, and how to set it right."""
        if self.account is not None:
            return f'{wrong.name} {wrong.problem}. Correct it in the program: Account "{self.account}".'
        option = option_name(wrong.name)
        command = f"pulumi config set {'--secret ' if wrong.secret else ''}{option}"
        if self.source(wrong.name) == "configuration":
            return f"{option} {wrong.problem}. Set it with '{command} ...'."
        variable = environment_name(option)
        return f"{variable} {wrong.problem}. Correct the environment variable, or use '{command} ...'."


def _key(reader: _Reader, name: str) -> str | None:
    key = reader.text(name)
    if key and not _PRINTABLE.fullmatch(key):
        raise reader.refusal(
            name, "holds characters that no API key has (a space, a line break, an accent?)", show=False
        )
    if not key and reader.account is not None:
        raise reader.refusal(name, "is empty: pass the key, for instance config.require_secret(...)", show=False)
    return key


def _whole(least: int, most: int) -> Callable[[_Reader, str], int | None]:
    def parse(reader: _Reader, name: str) -> int | None:
        text = reader.text(name)
        if text is None:
            return None
        if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
            raise reader.refusal(name, f"must be a whole number from {least} to {most}")
        return int(text)

    return parse


def _seconds(reader: _Reader, name: str) -> float | None:
    text = reader.text(name)
    if text is None:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value <= _LONGEST_TIMEOUT:
        raise reader.refusal(name, f"must be a number of seconds above 0 and up to {_LONGEST_TIMEOUT:g}")
    return value


def _switch(reader: _Reader, name: str) -> bool | None:
    word = (reader.text(name) or "").lower()
    if word and word not in _TRUE | _FALSE:
        raise reader.refusal(name, "must be true or false")
    return word in _TRUE if word else None


def _base_url(reader: _Reader, name: str) -> str | None:
    """Return the base URL without a slash at the end, if it neither holds a password nor sends the key in clear."""
    text = reader.text(name)
    if text is None:
        return None
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise reader.refusal(name, "is not a URL", show=False) from None
    if parts.username is not None or parts.password is not None:
        raise reader.refusal(
            name, "holds a user name or password, which RevCent does not use: leave them out", show=False
        )
    if parts.scheme not in {"http", "https"} or not host or re.search(r"\s", text):
        raise reader.refusal(name, "is not a URL such as https://api.revcent.com/v2")
    if parts.query or parts.fragment:
        raise reader.refusal(name, "must end with a path: leave out '?' and '#' and what follows them")
    if parts.scheme == "http" and not is_loopback(host):
        raise reader.refusal(name, "must begin with https://, because the API key would travel in clear")
    return text.rstrip("/")


def _resolvers(reader: _Reader, name: str) -> tuple[str, ...] | None:
    """Return the name servers as they were written; (`none`,) where nothing is to be looked up."""
    text = reader.text(name)
    if text is None:
        return None
    given = tuple(part for part in re.split(r"[\s,]+", text) if part)
    if [part.lower() for part in given] == [NO_LOOKUP]:
        return (NO_LOOKUP,)
    if not given or not all(_is_server(part) for part in given):
        raise reader.refusal(
            name,
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


_PARSERS: Final[Mapping[str, Callable[[_Reader, str], Any]]] = {
    "api_key": _key,
    "base_url": _base_url,
    "requests_per_minute": _whole(1, 1_000_000),
    "timeout": _seconds,
    "max_retries": _whole(0, _MOST_RETRIES),
    "contract": _Reader.text,
    "offline": _switch,
    "ownership_mark": _switch,
    "resolvers": _resolvers,
}
"""How each attribute of `Settings` is read; None where the option is not set, or is refused."""
