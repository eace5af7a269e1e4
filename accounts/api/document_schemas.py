"""The JSON Schemas of all models, and how the document refers to each. Pure."""

import re
from collections.abc import Iterable
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import (
    GenerateJsonSchema,
    JsonSchemaMode,
    JsonSchemaValue,
    models_json_schema,
)

from accounts.api.operation import Operation

REF: Final = "#/components/schemas/"
_LISTING: Final = re.compile(r"Listing\[(\w+)\]")


class _Named(GenerateJsonSchema):
    """Names a list after its items: NoteViewList, not Listing_NoteView_."""

    def normalize_name(self, name: str) -> str:
        return super().normalize_name(_LISTING.sub(r"\1List", name))


class DocumentSchemas:
    """The JSON Schemas of all models, and how to refer to each."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        wanted: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {}
        for each in operations:
            if each.body is not None:
                wanted[each.body, "validation"] = None
            if each.query is not None:
                wanted[each.query, "validation"] = None
            if each.answer is not None:
                wanted[each.answer, "serialization"] = None
        self._refs, whole = models_json_schema(
            list(wanted), by_alias=True, ref_template=REF + "{model}", schema_generator=_Named
        )
        self.definitions: dict[str, JsonSchemaValue] = dict(sorted(whole.get("$defs", {}).items()))
        self._queries = {
            each.query: self.definitions[self._name(each.query, "validation")]
            for each in operations
            if each.query is not None
        }
        for query in self._queries:  # they are spread over parameters
            self.definitions.pop(self._name(query, "validation"), None)

    def ref(self, model: type[BaseModel], mode: JsonSchemaMode) -> JsonSchemaValue:
        """Refer to a model, as it is sent to us ("validation") or by us ("serialization")."""
        return self._refs[model, mode]

    def query_parameters(self, model: type[BaseModel]) -> list[dict[str, Any]]:
        """Spread a model over parameters of the query."""
        schema = self._queries[model]
        required = set(schema.get("required", ()))
        parameters = []
        for name, described in schema.get("properties", {}).items():
            rest = {key: value for key, value in described.items() if key != "description"}
            parameter: dict[str, Any] = {"name": name, "in": "query", "schema": _no_null(rest)}
            if "description" in described:
                parameter["description"] = described["description"]
            if name in required:
                parameter["required"] = True
            parameters.append(parameter)
        return parameters

    def _name(self, model: type[BaseModel], mode: JsonSchemaMode) -> str:
        return str(self._refs[model, mode]["$ref"]).removeprefix(REF)


def _no_null(schema: JsonSchemaValue) -> JsonSchemaValue:
    """Leave null out: a parameter of the query may be absent, but not null."""
    choices = schema.get("anyOf")
    if choices is None or {"type": "null"} not in choices:
        return schema
    rest = {key: value for key, value in schema.items() if key not in {"anyOf", "default"}}
    others = [choice for choice in choices if choice != {"type": "null"}]
    return {**rest, **others[0]} if len(others) == 1 else {**rest, "anyOf": others}
