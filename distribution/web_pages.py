"""Answers for the web UI: its one HTML page under many URLs, the player for other sites, assets."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from aiohttp import web

from distribution import caching
from distribution.channel_name import is_channel_name
from distribution.content_coding import accepts_gzip
from distribution.page_files import EMBED_PAGE, PageFile, read_page_files
from distribution.response import FixedResponse, plain_text

# First segments that no channel can have, and below which are pages of people's own.
_OWN_PAGES: Final = ("admin", "dashboard", "settings")
# Below a channel's name: its chat in a window of its own, and over a streamer's picture.
_ROOM_PAGES: Final = ("chat", "dock")


class WebPages:
    """The web UI as it was built when the server started.

    People's own pages are there where there are accounts.
    """

    def __init__(self, folder: Path, *, has_accounts: bool) -> None:
        self._has_accounts = has_accounts
        self._files: Mapping[str, PageFile] = read_page_files(folder)

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Serve `/`, `/{channel}` and its room, people's own pages, `/embed/{channel}`, files."""
        router.add_get("/", self._respond_home)
        for page in _OWN_PAGES:
            router.add_get(f"/{page}", self._respond_own)
            router.add_get(f"/{page}/{{path:[A-Za-z0-9/_-]+}}", self._respond_own)
        for page in _ROOM_PAGES:
            router.add_get(f"/{{name}}/{page}", self._respond_room)
        router.add_get("/embed/{name}", self._respond_embed)
        router.add_get("/assets/{path:.+}", self._respond_asset)
        router.add_get("/{name}", self._respond_named)

    async def _respond_home(self, request: web.Request) -> web.StreamResponse:
        return self._respond_page(request)

    async def _respond_own(self, request: web.Request) -> web.StreamResponse:
        return self._respond_page(request) if self._has_accounts else self._respond_nothing(request)

    async def _respond_named(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        if is_channel_name(name):
            return self._respond_page(request)
        if name in self._files:
            return self._respond_file(request, name)
        return self._respond_nothing(request)

    async def _respond_room(self, request: web.Request) -> web.StreamResponse:
        is_there = self._has_accounts and is_channel_name(request.match_info["name"])
        return self._respond_page(request) if is_there else self._respond_nothing(request)

    async def _respond_embed(self, request: web.Request) -> web.StreamResponse:
        if not is_channel_name(request.match_info["name"]):
            return plain_text(404, "no such page", cache_control=caching.NOT_FOUND)
        return self._respond_page(request, EMBED_PAGE)

    async def _respond_asset(self, request: web.Request) -> web.StreamResponse:
        return self._respond_file(request, "assets/" + request.match_info["path"])

    def respond_nothing(self, request: web.BaseRequest) -> web.StreamResponse | None:
        """Answer a browser, to whom the page itself says that there is nothing; None for others."""
        if "text/html" not in request.headers.get("Accept", ""):
            return None
        return self._respond_page(request, status=404)

    def _respond_nothing(self, request: web.BaseRequest) -> web.StreamResponse:
        page = self.respond_nothing(request)
        if page is not None:
            return page
        return plain_text(404, "no such page", cache_control=caching.NOT_FOUND)

    def _respond_page(
        self, request: web.BaseRequest, page: str = "index.html", status: int = 200
    ) -> web.StreamResponse:
        if page not in self._files:
            return plain_text(
                503, "the web UI is not built: run make web", cache_control=caching.NEVER
            )
        return self._respond_file(request, page, status)

    def _respond_file(
        self, request: web.BaseRequest, name: str, status: int = 200
    ) -> web.StreamResponse:
        file = self._files.get(name)
        if file is None:
            return plain_text(404, "no such page", cache_control=caching.NOT_FOUND)
        # If-None-Match compares weakly (RFC 9110, 13.1.2): proxies that compress add the W/.
        known = request.headers.get("If-None-Match", "")
        if status == 200 and file.etag in (
            tag.strip().removeprefix("W/") for tag in known.split(",")
        ):
            return FixedResponse(304, file.header_block, (), None)
        body, header_block = file.body, file.header_block
        if file.gzipped is not None and accepts_gzip(request.headers.get("Accept-Encoding", "")):
            body, header_block = file.gzipped, header_block + b"Content-Encoding: gzip\r\n"
        return FixedResponse(status, header_block, (body,), len(body))
