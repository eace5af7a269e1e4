"""Which problems each operation may answer, and how the document says so. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

from accounts.api import problem
from accounts.api.operation import Access, Operation
from accounts.api.problem import ProblemType

PROBLEM_SCHEMA: Final[dict[str, Any]] = {
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
_RETRY_AFTER: Final = {"description": "Seconds to wait.", "schema": {"type": "integer"}}
_HEADERS_OF_PROBLEM: Final = {
    429: {"Retry-After": _RETRY_AFTER},
    503: {"Retry-After": _RETRY_AFTER},
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
    if operation.takes_key:
        found += [problem.REQUEST_RUNNING, problem.KEY_REUSED, problem.ALREADY_CREATED]
    found += operation.problems
    return sorted(dict.fromkeys(found), key=lambda each: (each.status, each.code))


def all_problem_types(operations: Iterable[Operation]) -> list[ProblemType]:
    """Return every kind of problem that the API may answer, by status."""
    found = {each for operation in operations for each in problem_types_of(operation)}
    found |= {problem.METHOD_NOT_ALLOWED, problem.NOT_FOUND}
    return sorted(found, key=lambda each: (each.status, each.code))


class DocumentProblems:
    """The problems that operations answer: one response for all that answer the same.

    `responses` holds those that were asked for, by the names that operations refer to.
    """

    def __init__(self) -> None:
        self.responses: dict[str, Any] = {}

    def answers_of(self, operation: Operation) -> dict[str, Any]:
        """Return the operation's responses that are problems, by status."""
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
                "content": {
                    problem.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}
                },
            }
            if status in _HEADERS_OF_PROBLEM:
                answer["headers"] = _HEADERS_OF_PROBLEM[status]
            self.responses[name] = answer
        return name
