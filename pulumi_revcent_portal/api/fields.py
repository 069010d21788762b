"""The vocabulary in which the wire contract is written; it holds no path and no wire key itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, TypeAlias

Mark: TypeAlias = Literal["D", "I", "?"]
"""How sure a statement about RevCent is: documented by RevCent, inferred from its other operations, or unknown."""


class Kind(StrEnum):
    """The shape of a value on our side of the wire."""

    STRING = "string"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    STRINGS = "string[]"
    REFERENCE = "ID"
    REFERENCES = "ID[]"
    RECORDS = "DNS record[]"
    OBJECT = "object"
    OBJECTS = "object[]"
    SECURITY = "none | starttls | tls"

    @property
    def has_fields(self) -> bool:
        """Whether the value consists of fields with names of ours."""
        return self in {Kind.OBJECT, Kind.OBJECTS}


@dataclass(frozen=True)
class Field:
    """One value of an entity: our name for it, RevCent's key, and how sure that is.

    Attributes:
        name: our name; the name that inputs and outputs of the resources carry.
        kind: the shape of the value.
        wire: RevCent's key. A dot steps into an object, which only happens in answers (`ssl.status`).
        mark: how sure the key is.
        alternatives: other spellings to expect, most likely first.
        writes: the actions that may send the field.
        required: whether a create must send it.
        reads: whether answers may hold it.
        secret: whether the value must never be shown or kept outside of Pulumi's secrets.
        fields: what an object, or each item of a list of objects, consists of.
        record_type: the type that DNS records of this field have when the answer does not say it.
    """

    name: str
    kind: Kind
    wire: str
    mark: Mark
    alternatives: tuple[str, ...] = ()
    writes: frozenset[str] = frozenset()
    required: bool = False
    reads: bool = True
    secret: bool = False
    fields: tuple[Field, ...] = ()
    record_type: str = ""


@dataclass(frozen=True)
class Operation:
    """One call that RevCent offers.

    Attributes:
        entity: our name of the type it works on.
        action: our name of what it does: create, get, list, edit, delete, initialize_ssl, initialize_dns.
        name: RevCent's name of the operation, as its OpenAPI description would carry it.
        method: GET or POST; RevCent has no other.
        path: path under the base URL, with `{id}` where the object's ID belongs.
        mark: how sure method and path are.
        offered: whether the operation is used unless a contract file says otherwise.
        query: further query parameters a list asks for; the value `now` becomes the present in Unix seconds.
    """

    entity: str
    action: str
    name: str
    method: str
    path: str
    mark: Mark
    offered: bool = True
    query: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Entity:
    """One of RevCent's types.

    Attributes:
        name: our name of the type.
        title: the name for people.
        wire: RevCent's singular, from which the key of a created object's ID is made.
        fields: everything known of the type.
    """

    name: str
    title: str
    wire: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Spelling:
    """How one field is really spelt in one operation, as RevCent's own description says.

    Attributes:
        key: the wire key, without its parents.
        boolean: whether a kind that is normally a word (`secure`) goes as true or false.
        words: pairs of our word and RevCent's word for it, where RevCent's differ.
    """

    key: str
    boolean: bool = False
    words: tuple[tuple[str, str], ...] = ()
