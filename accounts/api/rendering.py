"""Rendering: what an operation returned, as a response."""

from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import web
from pydantic import BaseModel

from accounts.api.etag import parse_tags
from accounts.api.operation import Answer, Operation, RawBody
from accounts.api.request_reading import JSON

_REVALIDATED = "private, no-cache"


@dataclass(slots=True)
class Rendered:
    """A response that has not been made yet: it may be kept, or turned into a 304."""

    status: int
    content: bytes = field(default=b"", repr=False)
    media_type: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    prepare: Callable[[web.StreamResponse], None] | None = None

    def response(self) -> web.Response:
        """Make the response."""
        made = web.Response(
            status=self.status, body=self.content or None, content_type=self.media_type
        )
        made.headers.update(self.headers)
        if self.prepare is not None:
            self.prepare(made)
        return made


def render(operation: Operation, returned: object) -> Rendered:
    """Turn what the operation returned into a response."""
    if isinstance(returned, RawBody):
        headers = dict(returned.headers)
        if returned.location is not None:
            headers["Location"] = returned.location
            return Rendered(operation.status, headers=headers, prepare=returned.prepare)
        return Rendered(
            operation.status,
            returned.content,
            returned.media_type,
            headers,
            returned.prepare,
        )
    if not isinstance(returned, Answer):
        return _rendered_body(operation, returned)
    rendered = _rendered_body(operation, returned.body)
    rendered.headers |= returned.headers
    rendered.prepare = returned.prepare
    if returned.location is not None:
        rendered.headers["Location"] = returned.location
    if returned.etag is not None:
        rendered.headers["ETag"] = returned.etag
        rendered.headers.setdefault("Cache-Control", _REVALIDATED)
        rendered.headers.setdefault("Vary", "Authorization, Cookie")
    return rendered


def is_known_to_client(request: web.BaseRequest, rendered: Rendered) -> bool:
    """Whether If-None-Match names what would be sent (RFC 9110, 13.1.2: weak comparison)."""
    etag, header = rendered.headers.get("ETag"), request.headers.get("If-None-Match")
    if etag is None or header is None or request.method not in {"GET", "HEAD"}:
        return False
    known = parse_tags(header)
    if known is None:
        return False
    opaque = etag.removeprefix("W/")
    return known.is_any or opaque in {tag.removeprefix("W/") for tag in known.tags}


def not_modified(rendered: Rendered) -> Rendered:
    """Keep what a 304 repeats (RFC 9110, 15.4.5)."""
    kept = ("ETag", "Cache-Control", "Vary", "Location")
    return Rendered(
        304, headers={name: rendered.headers[name] for name in kept if name in rendered.headers}
    )


def _rendered_body(operation: Operation, body: object) -> Rendered:
    if body is None:
        return Rendered(operation.status)
    if not isinstance(body, BaseModel):
        raise TypeError(f"{operation.operation_id}: expected a model, got {type(body).__name__}")
    return Rendered(operation.status, body.model_dump_json(by_alias=True).encode(), JSON)
