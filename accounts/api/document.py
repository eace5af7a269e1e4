"""The OpenAPI 3.1 document, built from the operations' declarations. Pure.

Its schemas are what pydantic validates with (JSON Schema 2020-12, which is OpenAPI 3.1's own
dialect), so that the document cannot say one thing and the server do another.
"""

from collections import defaultdict
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final

from accounts.api.document_problems import PROBLEM_SCHEMA, DocumentProblems, all_problem_types
from accounts.api.document_schemas import DocumentSchemas
from accounts.api.idempotency import KEY_LENGTH_LIMIT
from accounts.api.operation import LEAVE_HEADER, Access, Operation
from accounts.api.request_reading import JSON, PATH_PARAMETER_LENGTH_LIMIT

_TAGS: Final = r'^(\*|(W/)?"[!#-~]*"(, (W/)?"[!#-~]*")*)$'  # RFC 9110, 8.8.3
_LOCATIONS: Final[dict[int, str]] = {
    HTTPStatus.CREATED: "Where it is.",
    HTTPStatus.SEE_OTHER: "Where to go on.",
}
_SECURITY_SCHEMES: Final = {
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-rillcast",
        "description": "A browser's session, set by signing in; it is called `rillcast` where "
        "there is no HTTPS. What changes something must come from the server's own pages.",
    },
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "A short-lived access token, or a personal token with scopes.",
    },
}


def openapi_document(operations: Sequence[Operation], prefix: str, version: str) -> dict[str, Any]:
    """Describe the operations, whose paths stand behind `prefix`."""
    schemas, problems = DocumentSchemas(operations), DocumentProblems()
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
            "as `cursor`. Edits demand the ETag that was read, as If-Match; what says all there is "
            "in one word, as a follow, a ban or a switch of one's own, does not. Creates may be "
            "repeated with the same Idempotency-Key. Whatever goes wrong is answered as "
            "application/problem+json.",
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": tag} for tag in dict.fromkeys(each.tag for each in operations)],
        "paths": dict(paths),
        "x-problems": [
            {"code": each.code, "status": each.status, "title": each.title}
            for each in all_problem_types(operations)
        ],
        "components": {
            "schemas": {"Problem": PROBLEM_SCHEMA, **schemas.definitions},
            "responses": problems.responses,
            "securitySchemes": _SECURITY_SCHEMES,
        },
    }


def _described(operation: Operation, schemas: DocumentSchemas) -> dict[str, Any]:
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


def _parameters(operation: Operation, schemas: DocumentSchemas) -> list[dict[str, Any]]:
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
    if operation.takes_leave:
        parameters.append(
            {
                "name": LEAVE_HEADER,
                "in": "header",
                "description": "The token of a shared link, or of leave to watch.",
                "schema": {"type": "string"},
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
    if operation.takes_key:
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


def _successes(operation: Operation, schemas: DocumentSchemas) -> dict[str, Any]:
    success: dict[str, Any] = {"description": HTTPStatus(operation.status).phrase}
    headers: dict[str, Any] = {}
    if operation.has_etag:
        headers["ETag"] = {"schema": {"type": "string"}, "description": "The version."}
    if operation.status in _LOCATIONS:
        headers["Location"] = {
            "schema": {"type": "string", "format": "uri-reference"},
            "description": _LOCATIONS[operation.status],
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
