"""The document for programs at /api/openapi.json and for people at /api/docs."""

import hashlib
import json
from collections.abc import Sequence
from typing import Final

from aiohttp import web

from accounts.api.document import openapi_document
from accounts.api.etag import etag_of
from accounts.api.operation import Operation
from accounts.api.problem import DOCUMENTATION_PATH
from accounts.api.reference_page import STYLE_DIGEST, reference_page
from accounts.api.rendering import Rendered, is_known_to_client, not_modified

DOCUMENT_PATH: Final = "/api/openapi.json"
# No script at all, and no style but the page's own.
_PAGE_POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{STYLE_DIGEST}'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
_REVALIDATE: Final = "public, no-cache"


class Documentation:
    """Both forms of the document; each is made when it is first asked for, then kept."""

    def __init__(self, operations: Sequence[Operation], prefix: str, version: str) -> None:
        self._operations = operations
        self._prefix = prefix
        self._version = version
        self._document: bytes | None = None
        self._page: bytes | None = None

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Serve both."""
        router.add_get(DOCUMENT_PATH, self.respond_document)
        router.add_get(DOCUMENTATION_PATH, self.respond_page)

    def document(self) -> bytes:
        """Return the OpenAPI document as JSON."""
        if self._document is None:
            described = openapi_document(self._operations, self._prefix, self._version)
            self._document = json.dumps(
                described, ensure_ascii=False, separators=(",", ":")
            ).encode()
        return self._document

    async def respond_document(self, request: web.Request) -> web.StreamResponse:
        """Answer programs; any site may read it."""
        return _respond(
            request,
            self.document(),
            "application/json",
            {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"},
        )

    async def respond_page(self, request: web.Request) -> web.StreamResponse:
        """Answer people."""
        if self._page is None:
            self._page = reference_page(json.loads(self.document())).encode()
        return _respond(request, self._page, "text/html", {"Content-Security-Policy": _PAGE_POLICY})


def _respond(
    request: web.Request, content: bytes, media_type: str, headers: dict[str, str]
) -> web.StreamResponse:
    etag = etag_of(hashlib.sha256(content).hexdigest()[:16])
    rendered = Rendered(
        200, content, media_type, {"ETag": etag, "Cache-Control": _REVALIDATE, **headers}
    )
    if is_known_to_client(request, rendered):
        return not_modified(rendered).response()
    response = rendered.response()
    response.charset = "utf-8"
    response.enable_compression()
    return response
