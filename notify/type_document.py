"""Type document: what goes over the wire, as the components of an OpenAPI document.

Generators of types read those, and the web pages' types are made of this one:
`python -m notify.type_document`. Answers to commands are not in it.
"""

import json
import sys
from typing import Any, Final

from pydantic import BaseModel

from notify.close_code import CloseCode
from notify.events import ALL_EVENTS, Event, schema_of
from notify.wire import COMMANDS

_EVENT: Final = "AnyEvent"
_COMMAND: Final = "AnyCommand"
_CLOSE_CODE: Final = "CloseCode"


def type_document() -> dict[str, Any]:
    """Return the document. `AnyEvent` and `AnyCommand` are all events and all commands."""
    found: dict[str, Any] = {
        _EVENT: _one_of([event.__name__ for event in ALL_EVENTS]),
        _COMMAND: _one_of([command.__name__ for command in COMMANDS]),
        _CLOSE_CODE: {"type": "integer", "enum": [int(code) for code in CloseCode]},
    }
    for kind in (*ALL_EVENTS, *COMMANDS):
        schema = _schema(kind)
        for name, definition in {kind.__name__: schema, **schema.pop("$defs", {})}.items():
            if found.setdefault(name, definition) != definition:
                raise ValueError(f"{name}: expected one thing of this name")
    return {
        "openapi": "3.1.0",
        "info": {"title": "Rillcast events", "version": "1"},
        "paths": {},
        "components": {"schemas": {name: _plain(schema) for name, schema in found.items()}},
    }


def _schema(kind: type[BaseModel]) -> dict[str, Any]:
    return schema_of(kind) if issubclass(kind, Event) else kind.model_json_schema()


def _one_of(names: list[str]) -> dict[str, Any]:
    return {"oneOf": [{"$ref": f"#/$defs/{name}"} for name in names]}


def _plain(schema: Any) -> Any:
    """Return what a type says: without titles, without leave for members of later versions."""
    if isinstance(schema, list):
        return [_plain(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {
        key: _plain(each)
        for key, each in schema.items()
        if key != "additionalProperties" and not (key == "title" and isinstance(each, str))
    }
    if "$ref" in plain:
        plain["$ref"] = plain["$ref"].replace("#/$defs/", "#/components/schemas/")
    return plain


if __name__ == "__main__":
    sys.stdout.write(json.dumps(type_document(), indent=2) + "\n")
