from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from pulumi_revcent_portal.api.openapi import OpenApiError, Specification, read_specification

if TYPE_CHECKING:
    from pathlib import Path

GOOD: dict[str, Any] = {"openapi": "3.1.0", "paths": {}}


def write(folder: Path, content: bytes) -> str:
    path = folder / "spec"
    path.write_bytes(content)
    return str(path)


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(GOOD).encode(),
        b"\xef\xbb\xbf" + json.dumps(GOOD).encode(),
        b"openapi: 3.1.0\npaths: {}\n",
        b"# comment\nopenapi: '3.0.3'\npaths:\n  /v2/x:\n    get: {}\n",
    ],
)
def test_json_and_yaml_are_read(tmp_path: Path, content: bytes) -> None:
    path = write(tmp_path, content)
    assert read_specification(path).source == path


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"{", "broken JSON"),
        (b'{"openapi": "3.1.0", "paths": {}', "broken JSON"),
        (b"[1, 2", "broken JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b"<!doctype html><title>Log in</title>", "a web page"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"a: b: c", "neither JSON nor YAML"),
        (b"just a sentence", "holds no OpenAPI description, but a text"),
        (b"[]", "but a list"),
        (b"3", "but a number"),
        (b"null", "but nothing"),
        (b"true", "but a truth value"),
        (b"{}", "does not say that it is OpenAPI"),
        (b'{"openapi": "2.0", "paths": {}}', "'2.0'"),
        (b'{"openapi": 3.1, "paths": {}}', "3.1"),
        (b'{"swagger": "2.0", "paths": {}}', "Swagger 2.0"),
        (b'{"openapi": "3.1.0"}', "no 'paths'"),
        (b'{"openapi": "3.1.0", "paths": []}', "no 'paths'"),
    ],
)
def test_what_is_no_description_is_refused_with_the_reason(tmp_path: Path, content: bytes, why: str) -> None:
    path = write(tmp_path, content)
    with pytest.raises(OpenApiError) as caught:
        read_specification(path)
    assert why in str(caught.value)
    assert str(caught.value).startswith(path)
    assert "\n" not in str(caught.value)


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(OpenApiError, match="No such file"):
        read_specification(str(tmp_path / "absent.json"))
    with pytest.raises(OpenApiError, match="directory"):
        read_specification(str(tmp_path))


@pytest.mark.parametrize(
    ("paths", "where"),
    [
        ({"/v2/a": []}, "paths./v2/a is not an object, but a list"),
        ({"/v2/a": {"get": "x"}}, "paths./v2/a.get is not an object, but a text"),
        ({"/v2/a": {"$ref": "#/nope"}}, "leads nowhere"),
    ],
)
def test_a_broken_path_is_named(paths: dict[str, Any], where: str) -> None:
    with pytest.raises(OpenApiError) as caught:
        list(Specification({"openapi": "3.1.0", "paths": paths}, "spec").operations())
    assert where in str(caught.value)


@pytest.mark.parametrize(
    ("servers", "url"),
    [
        (None, ""),
        ([], ""),
        ([3], ""),
        ([{}], ""),
        ([{"url": 3}], ""),
        ([{"url": "https://a.example/v2/"}, {"url": "https://b.example"}], "https://a.example/v2"),
        ([{"url": "https://{h}/{v}", "variables": {"h": {"default": "a.example"}}}], "https://a.example/{v}"),
        ([{"url": "https://{h}", "variables": 3}], "https://{h}"),
    ],
)
def test_the_server_is_the_first_with_its_defaults(servers: Any, url: str) -> None:
    assert Specification({"openapi": "3.1.0", "paths": {}, "servers": servers}, "spec").server == url


def test_operations_of_a_referenced_path() -> None:
    content = {
        "openapi": "3.1.0",
        "paths": {"v2/a/": {"$ref": "#/components/pathItems/A"}},
        "components": {"pathItems": {"A": {"summary": "x", "get": {"operationId": 5}, "post": {"operationId": "P"}}}},
    }
    found = [(entry.method, entry.path, entry.name) for entry in Specification(content, "spec").operations()]
    assert found == [("GET", "/v2/a", ""), ("POST", "/v2/a", "P")]


# --- over HTTP -----------------------------------------------------------------------------------------------

URL = "https://api.revcent.com/v2/openapi.json"


def test_a_url_is_read_without_any_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVCENT_API_KEY", "k3y")
    seen: list[httpx.Request] = []

    def serve(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        if request.url.path == "/v2/openapi.json":
            return httpx.Response(302, headers={"location": "/v2/description.json"})
        return httpx.Response(200, json=GOOD)

    assert read_specification(URL, transport=httpx.MockTransport(serve)).source == URL
    assert [request.url.path for request in seen] == ["/v2/openapi.json", "/v2/description.json"]
    assert all("k3y" not in str(request.headers) for request in seen)


@pytest.mark.parametrize("status", [401, 403, 404, 500, 304])
def test_a_url_that_answers_something_else_names_the_way_out(status: int) -> None:
    serve = httpx.MockTransport(lambda _: httpx.Response(status))
    with pytest.raises(OpenApiError, match=rf"HTTP {status}.*--spec FILE"):
        read_specification(URL, transport=serve)


@pytest.mark.parametrize("error", [httpx.ConnectError("refused"), httpx.ReadTimeout(""), httpx.InvalidURL("odd")])
def test_a_url_that_cannot_be_reached_names_the_way_out(error: Exception) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise error

    with pytest.raises(OpenApiError, match=r"could not be reached: \w+.*--spec FILE"):
        read_specification(URL, transport=httpx.MockTransport(fail))


def test_an_open_connection_is_for_this_machine_only() -> None:
    with pytest.raises(OpenApiError, match="Use https"):
        read_specification("http://api.revcent.com/v2/openapi.json")
    local = httpx.MockTransport(lambda _: httpx.Response(200, json=GOOD))
    assert read_specification("HTTP://127.0.0.1:8787/openapi.json", transport=local).server == ""
