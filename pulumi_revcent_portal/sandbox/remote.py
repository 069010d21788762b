"""A sandbox in another process: the same methods as `Sandbox`, carried over its control API. Standard library only."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_KINDS: Final[Mapping[str, type[Exception]]] = {"ValueError": ValueError, "KeyError": KeyError, "TypeError": TypeError}
_SECONDS: Final = 30.0


class SandboxUnreachableError(ConnectionError):
    """No sandbox answers at an address; the text names it and the cure."""


class RemoteSandbox:
    """A sandbox that runs elsewhere; see `Sandbox` and `Controls` for what the methods do.

    Args:
        url: where its pages are, such as "http://127.0.0.1:8787".

    Raises:
        SandboxUnreachableError: no sandbox answers there.
    """

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        # Never through a proxy: a sandbox is near.
        self._open = urllib.request.build_opener(urllib.request.ProxyHandler({})).open
        if not self.url.startswith(("http://", "https://")):
            raise self._unreachable("this is no HTTP address")
        self._read("switches")

    @property
    def api_key(self) -> str:
        """The first live key of the sandbox's seed."""
        return str(self._read("api_key"))

    @property
    def api_url(self) -> str:
        """The base URL for RevCent's API."""
        return self.url + "/v2"

    @property
    def siteverify_url(self) -> str:
        """The stand-in for Google's reCAPTCHA check."""
        return self.url + "/recaptcha/api/siteverify"

    @property
    def calls(self) -> list[dict[str, Any]]:
        """Every API request so far."""
        found: list[dict[str, Any]] = self._read("calls")
        return found

    @property
    def switches(self) -> dict[str, Any]:
        """The switches in force."""
        found: dict[str, Any] = self._read("switches")
        return found

    @property
    def dns_address(self) -> str:
        """Where the name server answers, such as "127.0.0.1:8053"."""
        return str(self._read("dns_address"))

    @property
    def dns_port(self) -> int:
        """The port of the name server."""
        return int(self._read("dns_port"))

    @property
    def dns_key_name(self) -> str:
        """The name of the TSIG key that may update every zone."""
        return str(self._read("dns_key_name"))

    @property
    def dns_key_secret(self) -> str:
        """The secret of that key, in base64."""
        return str(self._read("dns_key_secret"))

    @property
    def dns_zones(self) -> list[str]:
        """The names of all zones."""
        return [str(name) for name in self._read("dns_zones")]

    @property
    def dns_calls(self) -> list[dict[str, Any]]:
        """Every message that came to the name server."""
        found: list[dict[str, Any]] = self._read("dns_calls")
        return found

    def objects(self, entity: str, account: str = "default", mode: str = "live") -> list[dict[str, Any]]:
        """Return the stored objects of one kind."""
        found: list[dict[str, Any]] = self._call("objects", entity=entity, account=account, mode=mode)
        return found

    def object(self, entity: str, object_id: str, account: str = "default", mode: str = "live") -> dict[str, Any]:
        """Return one stored object."""
        found: dict[str, Any] = self._call("object", entity=entity, object_id=object_id, account=account, mode=mode)
        return found

    def add(self, entity: str, fields: Mapping[str, Any], account: str = "default", mode: str = "live") -> str:
        """Make an object past the API and return its ID."""
        return str(self._call("add", entity=entity, fields=dict(fields), account=account, mode=mode))

    def change(
        self, entity: str, object_id: str, fields: Mapping[str, Any], account: str = "default", mode: str = "live"
    ) -> None:
        """Change an object behind the API's back."""
        self._call("change", entity=entity, object_id=object_id, fields=dict(fields), account=account, mode=mode)

    def remove(self, entity: str, object_id: str, account: str = "default", mode: str = "live") -> None:
        """Let an object disappear."""
        self._call("remove", entity=entity, object_id=object_id, account=account, mode=mode)

    def switch(self, **switches: Any) -> None:
        """Set switches."""
        self._call("switch", **switches)

    def fault(
        self,
        kind: str,
        method: str | None = None,
        path: str | None = None,
        after: int = 0,
        times: int | None = 1,
        **parameters: Any,
    ) -> None:
        """Arm a fault."""
        self._call("fault", kind=kind, method=method, path=path, after=after, times=times, **parameters)

    def clear_faults(self) -> None:
        """Disarm all faults."""
        self._call("clear_faults")

    def clear_calls(self) -> None:
        """Forget the calls so far."""
        self._call("clear_calls")

    def advance(self, seconds: float) -> None:
        """Let the sandbox's time go forward."""
        self._call("advance", seconds=seconds)

    def add_key(
        self,
        name: str,
        account: str = "default",
        mode: str = "live",
        allow: Iterable[str] | None = None,
        key: str | None = None,
    ) -> str:
        """Make an API key and return it."""
        allowed = None if allow is None else list(allow)
        return str(self._call("add_key", name=name, account=account, mode=mode, allow=allowed, key=key))

    def revoke(self, key: str) -> None:
        """Let a key no longer open anything."""
        self._call("revoke", key=key)

    def add_zone(self, name: str) -> None:
        """Make a DNS zone, or leave it as it is when it is there."""
        self._call("add_zone", name=name)

    def records(self, zone: str) -> list[dict[str, Any]]:
        """Return what a zone holds: a list of name, type, ttl, values."""
        found: list[dict[str, Any]] = self._call("records", zone=zone)
        return found

    def set_record(self, name: str, type: str, values: Iterable[str], ttl: int = 300) -> None:  # noqa: A002 - DNS's own word
        """Set the records of one type at a name."""
        given = values if isinstance(values, str) else list(values)
        self._call("set_record", name=name, type=type, values=given, ttl=ttl)

    def remove_record(self, name: str, type: str) -> None:  # noqa: A002 - DNS's own word
        """Remove the records of one type at a name."""
        self._call("remove_record", name=name, type=type)

    def dns_fault(self, kind: str, name: str | None = None, after: int = 0, times: int | None = 1) -> None:
        """Arm a fault of the name server."""
        self._call("dns_fault", kind=kind, name=name, after=after, times=times)

    def reset(self) -> None:
        """Bring everything back to the beginning."""
        self._call("reset")

    def _read(self, name: str) -> Any:
        return self._answer(urllib.request.Request(f"{self.url}/_sandbox/{name}"))  # noqa: S310 - the caller's own URL

    def _call(self, method: str, /, **arguments: Any) -> Any:
        return self._answer(
            urllib.request.Request(  # noqa: S310 - the caller's own URL
                f"{self.url}/_sandbox/{method}",
                data=json.dumps(arguments).encode(),
                headers={"content-type": "application/json"},
            )
        )

    def _answer(self, request: urllib.request.Request) -> Any:
        try:
            with self._open(request, timeout=_SECONDS) as answer:
                return json.load(answer)["result"]
        except urllib.error.HTTPError as error:
            with error:
                refusal = _refusal(error.read())
            if refusal is None:
                raise self._unreachable(f"HTTP {error.code}") from error
            raise refusal from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise self._unreachable(str(error)) from error

    def _unreachable(self, reason: str) -> SandboxUnreachableError:
        return SandboxUnreachableError(
            f"No sandbox answers at {self.url} ({reason}). Start one with `revcent-portal sandbox`."
        )


def _refusal(body: bytes) -> Exception | None:
    try:
        answer = json.loads(body)
        return _KINDS[answer["kind"]](answer["error"])
    except (ValueError, KeyError, TypeError):
        return None
