"""The OpenAPI 3.1 document, built from the operations' declarations. Pure.

Its schemas are what pydantic validates with (JSON Schema 2020-12, which is OpenAPI 3.1's own
dialect), so that the document cannot say one thing and the server do another.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import (
    GenerateJsonSchema,
    JsonSchemaMode,
    JsonSchemaValue,
    models_json_schema,
)

from accounts.api import problem
from accounts.api.idempotency import KEY_LENGTH_LIMIT
from accounts.api.operation import Access, Operation
from accounts.api.problem import ProblemType
from accounts.api.request_reading import JSON, PATH_PARAMETER_LENGTH_LIMIT

_REF: Final = "#/components/schemas/"
_TAGS: Final = r'^(\*|(W/)?"[!#-~]*"(, (W/)?"[!#-~]*")*)$'  # RFC 9110, 8.8.3
_LISTING: Final = re.compile(r"Listing\[(\w+)\]")
_PROBLEM_SCHEMA: Final[JsonSchemaValue] = {
    "type": "object",
    "title": "Problem",
    "description": "What went wrong (RFC 9457). Programs look at `code`.",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["path", "text"],
                "properties": {
                    "path": {
                        "type": "string",
                        "description": "`links.0.url` in the body, `?limit` in the query, "
                        "`If-Match:` in the head.",
                    },
                    "text": {"type": "string"},
                },
            },
        },
    },
}
_SECURITY_SCHEMES: Final = {
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-rillcast",
        "description": "A browser's session, set by signing in. What changes something must come "
        "from the server's own pages.",
    },
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "A short-lived access token, or a personal token with scopes.",
    },
}
_RETRY_AFTER: Final = {"description": "Seconds to wait.", "schema": {"type": "integer"}}
_HEADERS_OF_PROBLEM: Final = {
    429: {"Retry-After": _RETRY_AFTER},
    503: {"Retry-After": _RETRY_AFTER},
}


def openapi_document(operations: Sequence[Operation], prefix: str, version: str) -> dict[str, Any]:
    """Describe the operations, whose paths stand behind `prefix`."""
    schemas, problems = _Schemas(operations), _Problems()
    paths: dict[str, dict[str, Any]] = defaultdict(dict)
    for operation in operations:
        described = _described(operation, schemas)
        described["responses"] |= problems.answers_of(operation)
        paths[prefix + operation.path][operation.method.lower()] = described
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Rillcast",
            "version": version,
            "description": "People and channels of this server.\n\n"
            "Times are RFC 3339 in UTC. Ids are opaque. Lists are read page by page: send `next` "
            "as `cursor`. Edits demand the ETag that was read, as If-Match. Creates may be "
            "repeated with the same Idempotency-Key. Whatever goes wrong is answered as "
            "application/problem+json.",
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": tag} for tag in dict.fromkeys(each.tag for each in operations)],
        "paths": dict(paths),
        "x-problems": [
            {"code": each.code, "status": each.status, "title": each.title}
            for each in _all_problem_types(operations)
        ],
        "components": {
            "schemas": {"Problem": _PROBLEM_SCHEMA, **schemas.definitions},
            "responses": problems.responses,
            "securitySchemes": _SECURITY_SCHEMES,
        },
    }


def problem_types_of(operation: Operation) -> list[ProblemType]:
    """Return every kind of problem that the operation may answer, by status."""
    found = [problem.TOO_MANY_REQUESTS, problem.INTERNAL, problem.UNAVAILABLE]
    # Any operation answers 401 to a token that is void.
    found.append(problem.UNAUTHENTICATED)
    if operation.access is Access.ADMIN:
        found.append(problem.FORBIDDEN)
    if operation.access is not Access.ANYBODY:
        found.append(problem.SCOPE_MISSING)
    if operation.method != "GET":
        found.append(problem.CROSS_SITE)
    if operation.path_parameters:
        found.append(problem.NOT_FOUND)
    found.append(problem.INVALID)  # an unknown parameter in the query
    if operation.body is not None or operation.raw_body:
        found += [problem.REQUEST_TIMEOUT, problem.TOO_LARGE, problem.UNSUPPORTED_MEDIA_TYPE]
    if operation.body is not None or operation.edits or operation.creates:
        found.append(problem.MALFORMED)
    if operation.edits:
        found += [problem.PRECONDITION_FAILED, problem.PRECONDITION_REQUIRED]
    if _takes_key(operation):
        found += [problem.REQUEST_RUNNING, problem.KEY_REUSED]
        if operation.shows_secret:
            found.append(problem.ALREADY_CREATED)
    found += operation.problems
    return sorted(dict.fromkeys(found), key=lambda each: (each.status, each.code))


def _all_problem_types(operations: Iterable[Operation]) -> list[ProblemType]:
    found = {each for operation in operations for each in problem_types_of(operation)}
    found |= {problem.METHOD_NOT_ALLOWED, problem.NOT_FOUND}
    return sorted(found, key=lambda each: (each.status, each.code))


def _takes_key(operation: Operation) -> bool:
    return operation.creates and operation.access is not Access.ANYBODY


class _Named(GenerateJsonSchema):
    """Names a list after its items: NoteViewList, not Listing_NoteView_."""

    def normalize_name(self, name: str) -> str:
        return super().normalize_name(_LISTING.sub(r"\1List", name))


class _Schemas:
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
            list(wanted), by_alias=True, ref_template=_REF + "{model}", schema_generator=_Named
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
        return self._refs[model, mode]

    def query_parameters(self, model: type[BaseModel]) -> list[dict[str, Any]]:
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
        return str(self._refs[model, mode]["$ref"]).removeprefix(_REF)


def _no_null(schema: JsonSchemaValue) -> JsonSchemaValue:
    """Leave null out: a parameter of the query may be absent, but not null."""
    choices = schema.get("anyOf")
    if choices is None or {"type": "null"} not in choices:
        return schema
    rest = {key: value for key, value in schema.items() if key not in {"anyOf", "default"}}
    others = [choice for choice in choices if choice != {"type": "null"}]
    return {**rest, **others[0]} if len(others) == 1 else {**rest, "anyOf": others}


def _described(operation: Operation, schemas: _Schemas) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.operation_id,
        "tags": [operation.tag],
        "summary": operation.summary,
        "security": _security(operation),
    }
    if operation.description:
        described["description"] = operation.description
    if operation.scope is not None:
        described["x-required-scope"] = operation.scope
    if operation.access is Access.ADMIN:
        described["x-required-role"] = "admin"
    parameters = _parameters(operation, schemas)
    if parameters:
        described["parameters"] = parameters
    if operation.body is not None:
        content = {JSON: {"schema": schemas.ref(operation.body, "validation")}}
        described["requestBody"] = {"required": True, "content": content}
    elif operation.raw_body:
        # An empty schema: bytes of that kind (OpenAPI 3.1, 4.8.14.2).
        content = {kind: {} for kind in operation.raw_body}
        described["requestBody"] = {"required": True, "content": content}
    described["responses"] = _successes(operation, schemas)
    return described


def _security(operation: Operation) -> list[dict[str, list[str]]]:
    signed_in: list[dict[str, list[str]]] = [{"session": []}, {"bearer": []}]
    return [{}, *signed_in] if operation.access is Access.ANYBODY else signed_in


def _parameters(operation: Operation, schemas: _Schemas) -> list[dict[str, Any]]:
    parameters: list[dict[str, Any]] = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {
                "type": "string",
                "minLength": 1,
                "maxLength": PATH_PARAMETER_LENGTH_LIMIT,
            },
        }
        for name in operation.path_parameters
    ]
    if operation.query is not None:
        parameters += schemas.query_parameters(operation.query)
    if operation.edits:
        parameters.append(
            {
                "name": "If-Match",
                "in": "header",
                "required": True,
                "description": "The ETag of what is edited, as it was read.",
                "schema": {"type": "string", "pattern": _TAGS, "examples": ['"7"']},
            }
        )
    if operation.has_etag and operation.method == "GET":
        parameters.append(
            {
                "name": "If-None-Match",
                "in": "header",
                "description": "The ETag of what is known already.",
                "schema": {"type": "string"},
            }
        )
    if _takes_key(operation):
        parameters.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "description": "Any text, new for every create: the same request sent again with "
                "it creates nothing and is answered the same.",
                "schema": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": KEY_LENGTH_LIMIT,
                    "pattern": r"^[\x21-\x7e]+$",
                },
            }
        )
    return parameters


def _successes(operation: Operation, schemas: _Schemas) -> dict[str, Any]:
    success: dict[str, Any] = {"description": HTTPStatus(operation.status).phrase}
    headers: dict[str, Any] = {}
    if operation.has_etag:
        headers["ETag"] = {"schema": {"type": "string"}, "description": "The version."}
    if operation.status == HTTPStatus.CREATED:
        headers["Location"] = {
            "schema": {"type": "string", "format": "uri-reference"},
            "description": "Where it is.",
        }
    if headers:
        success["headers"] = headers
    if operation.answer is not None:
        schema = schemas.ref(operation.answer, "serialization")
        success["content"] = {JSON: {"schema": schema}}
    elif operation.raw_answer:
        success["content"] = {kind: {} for kind in operation.raw_answer}
    answers = {str(operation.status): success}
    if operation.has_etag and operation.method == "GET":
        answers["304"] = {"description": HTTPStatus.NOT_MODIFIED.phrase}
    return answers


class _Problems:
    """The problems that operations answer: one response for all that answer the same."""

    def __init__(self) -> None:
        self.responses: dict[str, Any] = {}

    def answers_of(self, operation: Operation) -> dict[str, Any]:
        by_status: dict[int, list[ProblemType]] = defaultdict(list)
        for each in problem_types_of(operation):
            by_status[each.status].append(each)
        return {
            str(status): {"$ref": f"#/components/responses/{self._name_of(status, types)}"}
            for status, types in by_status.items()
        }

    def _name_of(self, status: int, types: Sequence[ProblemType]) -> str:
        name = ".".join(each.code for each in types)
        if name not in self.responses:
            answer: dict[str, Any] = {
                "description": "; ".join(f"{each.title} (`{each.code}`)" for each in types),
                "content": {problem.MEDIA_TYPE: {"schema": {"$ref": f"{_REF}Problem"}}},
            }
            if status in _HEADERS_OF_PROBLEM:
                answer["headers"] = _HEADERS_OF_PROBLEM[status]
            self.responses[name] = answer
        return name
