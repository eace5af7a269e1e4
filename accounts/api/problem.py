"""Problem details (RFC 9457): the one form in which the API says that something did not work."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import web

MEDIA_TYPE: Final = "application/problem+json"
DOCUMENTATION_PATH: Final = "/api/docs"


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field.

    `path` is where it stands, such as "links.0.url" in the body, "?limit" in the query and
    "If-Match:" in the header. `text` does not repeat the value.
    """

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class ProblemType:
    """One kind of problem. `code` never changes and is what programs look at."""

    status: int
    code: str
    title: str

    @property
    def uri(self) -> str:
        """Identify the kind, and lead a reader to what it means."""
        return f"{DOCUMENTATION_PATH}#problem-{self.code}"

    def because(
        self,
        detail: str | None = None,
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> "ProblemError":
        """Make the exception to raise. `detail` is for people and holds no secret.

        `more` are further members of the answer, for programs.
        """
        return ProblemError(self, detail, tuple(errors), dict(headers or {}), more)


@dataclass(eq=False)
class ProblemError(Exception):
    """The request ends with this problem. Raised by resources, answered by the API."""

    type: ProblemType
    detail: str | None = None
    errors: tuple[FieldError, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.type.status} {self.type.code}: {self.detail or self.type.title}"

    def members(self) -> dict[str, Any]:
        """Return the answer's members."""
        found: dict[str, Any] = {
            "type": self.type.uri,
            "title": self.type.title,
            "status": self.type.status,
            "code": self.type.code,
        }
        if self.detail is not None:
            found["detail"] = self.detail
        if self.errors:
            found["errors"] = [{"path": each.path, "text": each.text} for each in self.errors]
        return found | self.more

    def response(self) -> web.Response:
        """Make the answer."""
        return web.Response(
            status=self.type.status,
            body=json.dumps(self.members(), ensure_ascii=False).encode(),
            content_type=MEDIA_TYPE,
            headers=self.headers,
        )


# What any operation may answer. Resources define their own beside the operations that raise them.
MALFORMED: Final = ProblemType(400, "malformed", "The request could not be read")
UNAUTHENTICATED: Final = ProblemType(401, "unauthenticated", "Sign in first")
FORBIDDEN: Final = ProblemType(403, "forbidden", "You may not do this")
CROSS_SITE: Final = ProblemType(403, "cross-site", "The request came from another site")
SCOPE_MISSING: Final = ProblemType(403, "scope-missing", "The token does not reach this far")
NOT_FOUND: Final = ProblemType(404, "not-found", "There is nothing here")
METHOD_NOT_ALLOWED: Final = ProblemType(405, "method-not-allowed", "Not with this method")
REQUEST_TIMEOUT: Final = ProblemType(408, "request-timeout", "The body took too long")
CONFLICT: Final = ProblemType(409, "conflict", "This contradicts what is there")
REQUEST_RUNNING: Final = ProblemType(
    409, "request-running", "The same request is still being worked on"
)
ALREADY_CREATED: Final = ProblemType(
    409, "already-created", "The first request has created it; its answer is not repeated"
)
PRECONDITION_FAILED: Final = ProblemType(
    412, "precondition-failed", "It has changed since you read it"
)
TOO_LARGE: Final = ProblemType(413, "too-large", "The request is too large")
UNSUPPORTED_MEDIA_TYPE: Final = ProblemType(
    415, "unsupported-media-type", "The body is of another kind than expected"
)
INVALID: Final = ProblemType(422, "invalid", "Some fields are not as expected")
KEY_REUSED: Final = ProblemType(
    422, "idempotency-key-reused", "The Idempotency-Key belongs to another request"
)
PRECONDITION_REQUIRED: Final = ProblemType(
    428, "precondition-required", "Say with If-Match which version you edit"
)
TOO_MANY_REQUESTS: Final = ProblemType(429, "too-many-requests", "Too many requests")
INTERNAL: Final = ProblemType(500, "internal", "Something went wrong here")
UNAVAILABLE: Final = ProblemType(503, "unavailable", "Not now; try again soon")
