"""Describes a sandbox as RevCent would describe itself, in OpenAPI, and makes a contract file of it. Not a test."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from typer.testing import CliRunner

from pulumi_revcent_portal.cli import main
from pulumi_revcent_portal.sandbox.reading import ENTITIES, Entity, Field, Kind

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_revcent_portal.sandbox import Sandbox
    from pulumi_revcent_portal.sandbox.switches import Switches

_TYPES = {
    Kind.TEXT: "string",
    Kind.FLAG: "boolean",
    Kind.NUMBER: "integer",
    Kind.REFERENCE: "string",
    Kind.GROUP: "object",
}

Schema = dict[str, Any]


def contract_file(sandbox: Sandbox, directory: Path) -> Path:
    """Do what a user does once RevCent's own description can be read: check it, and store its spellings."""
    described, written = directory / "openapi.json", directory / "contract.json"
    described.write_text(json.dumps(describe(sandbox)))
    words = ["contract", "check", "--spec", str(described), "--write", str(written), "--base-url", sandbox.api_url]
    result = CliRunner().invoke(main, words)
    assert result.exit_code in {0, 1}, result.output
    return written


def describe(sandbox: Sandbox) -> dict[str, Any]:
    switches = sandbox.revcent.switches
    described: dict[str, Any] = {}
    for entity in ENTITIES.values():
        for action, name in entity.operations.items():
            offered = switches.delete if action == "delete" else switches.smtp_get
            if action in entity.optional and not offered:
                continue
            path, method = _request(entity, action)
            operation = {"operationId": name, **_operation(entity, action, switches)}
            described.setdefault(path, {})[method] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": "RevCent", "version": "2"},
        "servers": [{"url": sandbox.api_url}],
        "paths": described,
    }


def _request(entity: Entity, action: str) -> tuple[str, str]:
    below = {"create": "", "list": "", "get": "/{id}", "edit": "/{id}"}.get(action, f"/{{id}}/{action}")
    return f"/{entity.plural}{below}", "get" if action in {"get", "list"} else "post"


def _operation(entity: Entity, action: str, switches: Switches) -> dict[str, Any]:
    operation: dict[str, Any] = {}
    answer: Schema = {"type": "object", "properties": {"result": {"type": "string"}}}
    if action == "list":
        names = ("limit", "page", *(("date_start", "date_end") if switches.list_dates else ()))
        parameter = {"in": "query", "required": True, "schema": {"type": "integer"}}
        operation["parameters"] = [{"name": name, **parameter} for name in names]
        answer["properties"] |= {"results": {"type": "array", "items": {"type": "object"}}}
    elif action == "get":
        readable = tuple(field for field in entity.fields if not field.secret)
        answer = _object(entity.name, readable, switches)
    elif action in {"create", "edit"}:
        written = tuple(each for each in entity.fields if (each.in_create if action == "create" else each.in_edit))
        operation["requestBody"] = _json(_object(entity.name, written, switches, whole=action == "create"))
        answer["properties"][f"{entity.name}_id"] = {"type": "string"}
    answer["properties"] |= {name: {"type": "string"} for name in ("api_call_id", "error_code", "message")}
    return operation | {"responses": {"200": {"description": "An answer.", **_json(answer)}}}


def _json(schema: Schema) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def _object(path: str, fields: tuple[Field, ...], switches: Switches, *, whole: bool = True) -> Schema:
    schema: Schema = {"type": "object", "additionalProperties": False, "properties": {}, "required": []}
    for field in fields:
        inner = f"{path}.{field.name}"
        *parents, key = switches.key(inner, field).split(".")
        place = schema
        for parent in parents:
            place = place["properties"].setdefault(parent, {"type": "object", "properties": {}})
        place["properties"][key] = _value(inner, field, switches)
        if field.required and whole and not parents:
            schema["required"].append(key)
    return schema


def _value(path: str, field: Field, switches: Switches) -> Schema:
    if field.kind is Kind.GROUP:
        return _object(path, field.group, switches)
    if field.kind is Kind.GROUPS:
        return {"type": "array", "items": _object(path, field.group, switches)}
    if field.kind in _TYPES:
        return {"type": _TYPES[field.kind], **({"enum": list(field.words)} if field.words else {})}
    return {"type": "array", "items": {"type": "object" if field.kind is Kind.RECORDS else "string"}}
