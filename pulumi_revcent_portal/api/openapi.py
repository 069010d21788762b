"""Reads an OpenAPI 3.x description and answers plain questions about it; it knows nothing of RevCent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from pulumi_revcent_portal.api.settings import is_loopback

__all__ = ["Described", "OpenApiError", "Parameter", "Schema", "Specification", "read_specification"]

_METHODS: Final = ("get", "post", "put", "patch", "delete")
_SECONDS: Final = 30.0


class OpenApiError(Exception):
    """A description cannot be read or used; the message says why and, where there is one, the cure."""


@dataclass(frozen=True)
class Schema:
    """An object's schema, with references and compositions (allOf, oneOf, anyOf) dissolved.

    Attributes:
        properties: the raw schema of each property.
        required: the properties that every variant requires.
        types: the JSON types that the schema names; empty when it names none.
        words: the values that the schema allows, when it lists them.
    """

    properties: Mapping[str, Any] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    words: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Described:
    """One operation of the description.

    Attributes:
        method: in capitals.
        path: as under the API host, with the path of the server in front.
        name: the operationId, or an empty string.
        content: the raw operation object.
        shared: the raw parameters that all operations of the path share.
    """

    method: str
    path: str
    name: str
    content: Mapping[str, Any]
    shared: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Parameter:
    """One query parameter: whether it must be given, and the greatest number it takes, when the description says so."""

    required: bool
    maximum: float | None


class Specification:
    """An OpenAPI 3.x description.

    Args:
        content: the parsed document.
        source: where it came from, for people.

    Raises:
        OpenApiError: it is none, or one of another version.
    """

    def __init__(self, content: Any, source: str) -> None:
        self.source = source
        if not isinstance(content, Mapping):
            raise OpenApiError(f"{source} holds no OpenAPI description, but {_kind(content)}.")
        if "swagger" in content:
            raise OpenApiError(f"{source} is a Swagger {content['swagger']} description; OpenAPI 3.x is needed.")
        version = content.get("openapi")
        if not isinstance(version, str) or not version.startswith("3."):
            raise OpenApiError(f"{source} does not say that it is OpenAPI 3.x (its field 'openapi' is {version!r}).")
        paths = content.get("paths")
        if not isinstance(paths, Mapping):
            raise OpenApiError(f"{source} has no 'paths', so it describes no operation.")
        self._content = content
        self._paths = paths

    @property
    def server(self) -> str:
        """The URL of the first server, with the defaults of its variables; empty when the description names none."""
        servers = self._content.get("servers")
        first = servers[0] if isinstance(servers, list) and servers else None
        if not isinstance(first, Mapping) or not isinstance(first.get("url"), str):
            return ""
        variables = first.get("variables")
        known = variables if isinstance(variables, Mapping) else {}

        def default(match: re.Match[str]) -> str:
            variable = known.get(match[1])
            return str(variable.get("default", match[0])) if isinstance(variable, Mapping) else match[0]

        return re.sub(r"\{([^{}]*)\}", default, first["url"]).rstrip("/")

    def operations(self) -> Iterator[Described]:
        """Yield every operation.

        Raises:
            OpenApiError: a path or an operation is not an object.
        """
        prefix = urlsplit(self.server).path.rstrip("/")
        for path, raw in self._paths.items():
            item = self.resolve(raw, f"paths.{path}")
            if not isinstance(item, Mapping):
                raise OpenApiError(f"{self.source}: paths.{path} is not an object, but {_kind(item)}.")
            shared = item.get("parameters")
            for method in _METHODS:
                content = item.get(method)
                if content is None:
                    continue
                if not isinstance(content, Mapping):
                    raise OpenApiError(f"{self.source}: paths.{path}.{method} is not an object, but {_kind(content)}.")
                name = content.get("operationId")
                yield Described(
                    method.upper(),
                    f"{prefix}/{str(path).strip('/')}",
                    name if isinstance(name, str) else "",
                    content,
                    tuple(shared) if isinstance(shared, list) else (),
                )

    # --- references ------------------------------------------------------------------------------------------

    def resolve(self, value: Any, place: str) -> Any:
        """Follow `$ref` until there is none (RFC 6901 for the part after `#`).

        Raises:
            OpenApiError: a reference leads nowhere, in a circle, or to another document.
        """
        seen: set[str] = set()
        while isinstance(value, Mapping) and isinstance(value.get("$ref"), str):
            target = value["$ref"]
            if target in seen:
                raise OpenApiError(f"{self.source}: the reference {target} (at {place}) leads in a circle.")
            seen.add(target)
            value = self._follow(target, place)
        return value

    def _follow(self, target: str, place: str) -> Any:
        if not target.startswith("#"):
            raise OpenApiError(
                f"{self.source}: {place} refers to another document ({target}). Bundle the description into one file."
            )
        value: Any = self._content
        for part in target[1:].split("/")[1:]:
            key = unquote(part).replace("~1", "/").replace("~0", "~")
            if isinstance(value, list) and key.isdigit() and int(key) < len(value):
                value = value[int(key)]
            elif isinstance(value, Mapping) and key in value:
                value = value[key]
            else:
                raise OpenApiError(f"{self.source}: the reference {target} (at {place}) leads nowhere.")
        return value

    # --- what an operation takes and answers ------------------------------------------------------------------

    def schema(self, raw: Any, place: str, above: frozenset[int] = frozenset()) -> Schema:
        """Return a schema with everything it is composed of; a schema that contains itself ends there."""
        node = self.resolve(raw, place)
        if not isinstance(node, Mapping) or id(node) in above:
            return Schema()
        above |= {id(node)}
        own = node.get("properties")
        properties: dict[str, Any] = {}
        required = {name for name in _list(node.get("required")) if isinstance(name, str)}
        types = {name for name in (*_list(node.get("type")), node.get("type")) if isinstance(name, str)}
        words = [*_list(node.get("enum")), *([node["const"]] if "const" in node else [])]
        for part in _list(node.get("allOf")):
            found = self.schema(part, place, above)
            properties |= found.properties
            required |= found.required
            types |= found.types
            words.extend(found.words)
        variants = [self.schema(part, place, above) for key in ("oneOf", "anyOf") for part in _list(node.get(key))]
        variants = [found for found in variants if found.types != {"null"}]
        for found in variants:
            properties |= found.properties
            types |= found.types
            words.extend(found.words)
        if variants:
            required |= frozenset.intersection(*(found.required for found in variants))
        properties |= own if isinstance(own, Mapping) else {}
        return Schema(properties, frozenset(required), frozenset(types) - {"null"}, tuple(words))

    def items(self, raw: Any, place: str, above: frozenset[int] = frozenset()) -> Any:
        """Return the raw schema of a list's items, or None."""
        node = self.resolve(raw, place)
        if not isinstance(node, Mapping) or id(node) in above:
            return None
        above |= {id(node)}
        found = [node.get("items")]
        found += [
            self.items(part, place, above) for key in ("allOf", "oneOf", "anyOf") for part in _list(node.get(key))
        ]
        return next((item for item in found if item is not None), None)

    def request_schema(self, operation: Described) -> Schema | None:
        """Return the schema of the request body, or None when the operation describes none."""
        place = f"{operation.method} {operation.path}"
        return self._body(self.resolve(operation.content.get("requestBody"), place), place)

    def answer_schema(self, operation: Described) -> Schema | None:
        """Return the schema of the successful answer, or None when the operation describes none."""
        place = f"{operation.method} {operation.path}"
        responses = operation.content.get("responses")
        known = (
            {str(status).upper(): raw for status, raw in responses.items()} if isinstance(responses, Mapping) else {}
        )
        for status in ("200", "201", "2XX", "DEFAULT"):
            found = self._body(self.resolve(known.get(status), place), place)
            if found is not None:
                return found
        return None

    def _body(self, raw: Any, place: str) -> Schema | None:
        content = raw.get("content") if isinstance(raw, Mapping) else None
        if not isinstance(content, Mapping):
            return None
        kinds = sorted(content, key=lambda kind: "json" not in str(kind).lower())
        media = self.resolve(content[kinds[0]], place) if kinds else None
        found = self.schema(media.get("schema"), place) if isinstance(media, Mapping) else Schema()
        return found if found.properties else None

    def query_parameters(self, operation: Described) -> dict[str, Parameter]:
        """Return the query parameters of an operation by name."""
        place = f"{operation.method} {operation.path}"
        found: dict[str, Parameter] = {}
        for raw in (*operation.shared, *_list(operation.content.get("parameters"))):
            parameter = self.resolve(raw, place)
            if isinstance(parameter, Mapping) and parameter.get("in") == "query":
                schema = self.resolve(parameter.get("schema"), place)
                most = schema.get("maximum") if isinstance(schema, Mapping) else None
                number = most if isinstance(most, int | float) else None
                found[str(parameter.get("name"))] = Parameter(parameter.get("required") is True, number)
        return found


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "a truth value", type(None): "nothing"}
    return names.get(type(value), "a number")


# --- reading -------------------------------------------------------------------------------------------------


def read_specification(place: str, *, transport: Any = None) -> Specification:
    """Return the description at a URL or in a file, JSON or YAML.

    Args:
        place: a path, or a URL that begins with https:// (http:// only on this machine). No API key is sent.
        transport: an `httpx.BaseTransport` to use instead of the network.

    Raises:
        OpenApiError: it cannot be read, or is no OpenAPI 3.x description.
    """
    body = _download(place, transport) if re.match(r"https?://", place, re.IGNORECASE) else _read(place)
    if not body.strip():
        raise OpenApiError(f"{place} is empty.")
    return Specification(_parse(body, place), place)


def _read(place: str) -> bytes:
    try:
        return Path(place).read_bytes()
    except OSError as error:
        raise OpenApiError(f"{place} cannot be read: {error.strerror or type(error).__name__}.") from None


def _download(url: str, transport: Any) -> bytes:
    import httpx  # noqa: PLC0415 - only a URL needs it

    cure = "Download it in a browser and give the file with --spec FILE."
    if urlsplit(url).scheme.lower() == "http" and not is_loopback(urlsplit(url).hostname or ""):
        raise OpenApiError(f"{url} would be read over an open connection. Use https://.")
    try:
        with httpx.Client(timeout=_SECONDS, follow_redirects=True, transport=transport) as http:
            response = http.get(url, headers={"accept": "application/json"})
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise OpenApiError(f"{url} could not be reached: {str(error) or type(error).__name__}. {cure}") from None
    if not response.is_success:
        raise OpenApiError(f"{url} answered HTTP {response.status_code}. {cure}")
    return response.content


def _parse(body: bytes, place: str) -> Any:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise OpenApiError(f"{place} is not a text in UTF-8.") from None
    try:
        return json.loads(text)
    except RecursionError:
        raise OpenApiError(f"{place} is nested too deeply.") from None
    except ValueError as error:
        if text.lstrip()[:1] in {"{", "["}:
            raise OpenApiError(f"{place} is broken JSON: {error}.") from None
        if text.lstrip().startswith("<"):
            raise OpenApiError(f"{place} is a web page, not an OpenAPI description.") from None
    return _parse_yaml(text, place)


def _parse_yaml(text: str, place: str) -> Any:
    import yaml  # noqa: PLC0415 - only a description in YAML needs it

    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError) as error:
        raise OpenApiError(f"{place} is neither JSON nor YAML: {' '.join(str(error).split())}.") from None
