"""A small API of notes on a real server, with a real client, on both databases."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from pydantic import Field
from yarl import URL

from accounts.api.browser_cookie import SESSION, BrowserCookie
from accounts.api.caller import ANONYMOUS, Caller
from accounts.api.etag import etag_of
from accounts.api.model import ApiModel, Listing, PageQuery, UtcTime
from accounts.api.operation import ADMIN, ANYBODY, USER, Answer, Call, RawBody, operation
from accounts.api.problem import NOT_FOUND, ProblemType
from accounts.api.service import RestApi
from accounts.api.throttle import Throttle
from accounts.settings import AccountsSettings, ApiSettings
from accounts.storage import Cursor, Database, Page, new_id
from tests.support.postgresql import PostgresServer

TITLE_TAKEN = ProblemType(409, "title-taken", "There is such a note already")
CALLERS = {
    "ann": Caller(account_id="acc_ann", role="user", via="bearer"),
    "bob": Caller(account_id="acc_bob", role="user", via="bearer"),
    "root": Caller(account_id="acc_root", role="admin", via="bearer"),
    "token": Caller(
        account_id="acc_ann",
        role="user",
        via="personal-token",
        scopes=frozenset({"notes:read"}),
    ),
}


class NewNote(ApiModel):
    """What a note is made of."""

    title: str = Field(min_length=1, max_length=50)
    tag_names: tuple[str, ...] = Field((), max_length=3)


class NoteEdit(ApiModel):
    """What of a note may change."""

    title: str = Field(min_length=1, max_length=50)


class NoteView(ApiModel):
    """A note as it is shown."""

    id: str
    title: str
    tag_names: tuple[str, ...]
    created_at: UtcTime


class NoteQuery(PageQuery):
    """Which notes."""

    tag: tuple[str, ...] = ()


@dataclass
class Notes:
    """The resource. Holds its notes in memory: storage is tested elsewhere."""

    cookie: BrowserCookie = field(default_factory=lambda: BrowserCookie(SESSION, ""))
    rows: dict[str, tuple[NoteView, int]] = field(default_factory=dict)
    made_count: int = 0
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    finished: asyncio.Event = field(default_factory=asyncio.Event)

    @operation(
        "POST",
        "/notes",
        tag="notes",
        access=USER,
        scope="notes:write",
        status=201,
        creates=True,
        problems=(TITLE_TAKEN,),
    )
    async def create_note(self, call: Call, body: NewNote) -> Answer[NoteView]:
        """Write a note.

        It is kept until it is deleted.
        """
        assert call.account_id
        if any(note.title == body.title for note, _ in self.rows.values()):
            raise TITLE_TAKEN.because(f"There is a note {body.title!r}.")
        self.made_count += 1
        note = NoteView(
            id=new_id("note"),
            title=body.title,
            tag_names=body.tag_names,
            created_at=1_763_738_960_123,
        )
        self.rows[note.id] = (note, 1)
        return Answer(note, etag=etag_of(1), location=f"/api/v1/notes/{note.id}")

    @operation("GET", "/notes", tag="notes", access=ANYBODY)
    async def list_notes(self, call: Call, query: NoteQuery) -> Listing[NoteView]:
        """List all notes."""
        assert call.address
        ids = sorted(self.rows)
        if query.cursor is not None:
            (last,) = Cursor.decode(query.cursor, (str,)).key
            ids = [each for each in ids if each > str(last)]
        shown = tuple(self.rows[each][0] for each in ids[: query.limit])
        following = Cursor((shown[-1].id,)) if len(ids) > query.limit else None
        return Listing[NoteView].of(Page(shown, following), lambda note: note)

    @operation(
        "GET", "/notes/{note_id}", tag="notes", access=USER, scope="notes:read", has_etag=True
    )
    async def read_note(self, call: Call, note_id: str) -> Answer[NoteView]:
        """Read a note."""
        assert call.account_id
        note, version = self._row(note_id)
        return Answer(note, etag=etag_of(version))

    @operation(
        "PATCH",
        "/notes/{note_id}",
        tag="notes",
        access=USER,
        scope="notes:write",
        edits=True,
        has_etag=True,
    )
    async def edit_note(self, call: Call, note_id: str, body: NoteEdit) -> Answer[NoteView]:
        """Change a note."""
        note, version = self._row(note_id)
        call.precondition.require(version)
        changed = note.model_copy(update={"title": body.title})
        self.rows[note_id] = (changed, version + 1)
        return Answer(changed, etag=etag_of(version + 1))

    @operation("DELETE", "/notes/{note_id}", tag="notes", access=ADMIN)
    async def delete_note(self, call: Call, note_id: str) -> None:
        """Delete a note."""
        assert call.caller.is_admin
        self._row(note_id)
        del self.rows[note_id]

    @operation(
        "POST", "/secrets", tag="notes", access=USER, status=201, creates=True, shows_secret=True
    )
    async def create_secret(self, call: Call) -> Answer[NoteView]:
        """Make something that is shown once."""
        self.made_count += 1
        note = NoteView(id=call.account_id, title="hunter2", tag_names=(), created_at=0)
        return Answer(note, location="/api/v1/secrets/1")

    @operation("POST", "/slow", tag="notes", access=USER, creates=True, status=201)
    async def work_slowly(self, call: Call) -> Answer[NoteView]:
        """Work until told to go on."""
        self.begun.set()
        await self.go_on.wait()
        self.made_count += 1
        self.finished.set()
        return Answer(NoteView(id=call.account_id, title="done", tag_names=(), created_at=0))

    @operation("POST", "/broken", tag="notes", access=ANYBODY)
    async def fail_to_answer(self, call: Call) -> NoteView:
        """Fail."""
        raise RuntimeError(f"the password is hunter2, {call.address}")

    @operation(
        "POST",
        "/rare",
        tag="notes",
        access=ANYBODY,
        throttle=Throttle("rare", burst=2, per_minute=1),
    )
    async def call_rarely(self, call: Call) -> None:
        """Do what is dear."""

    @operation(
        "POST",
        "/quota",
        tag="notes",
        access=ANYBODY,
        account_throttle=Throttle("quota", burst=2, per_minute=1),
    )
    async def use_quota(self, call: Call) -> None:
        """Do what one account may not do too often."""

    @operation(
        "PUT",
        "/picture",
        tag="notes",
        access=ANYBODY,
        raw_body=("image/png",),
        raw_answer=("image/png",),
    )
    async def echo_picture(self, call: Call) -> RawBody:
        """Send a picture back."""
        return RawBody(call.raw, call.raw_type)

    @operation("POST", "/sign-in", tag="notes", access=ANYBODY)
    async def sign_in(self, call: Call) -> Answer[None]:
        """Set a cookie."""
        assert call.address
        return Answer(
            None,
            prepare=lambda response: self.cookie.set(call.request, response, "ann", 3600),
        )

    @operation("POST", "/sign-out", tag="notes", access=USER)
    async def sign_out(self, call: Call) -> Answer[None]:
        """Take the cookie back."""
        return Answer(None, prepare=lambda response: self.cookie.clear(call.request, response))

    def _row(self, note_id: str) -> tuple[NoteView, int]:
        if note_id not in self.rows:
            raise NOT_FOUND.because()
        return self.rows[note_id]


class NamedAuthenticator:
    """Takes the names in CALLERS for credentials."""

    async def authenticate(self, cookie: str | None, bearer: str | None) -> Caller:
        if bearer is not None:
            return CALLERS.get(bearer, ANONYMOUS)
        caller = CALLERS.get(cookie or "", ANONYMOUS)
        return replace(caller, via="cookie") if caller.is_known else caller


@dataclass
class Served:
    """A running API."""

    notes: Notes
    api: RestApi
    client: aiohttp.ClientSession
    clock_ms: list[int]

    async def ask(
        self,
        method: str,
        path: str | URL,
        as_: str | None = None,
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> tuple[aiohttp.ClientResponse, Any]:
        """Send a request; return the response and its JSON, or its bytes where it is none."""
        sent = dict(headers or {})
        if as_ is not None:
            sent["Authorization"] = f"Bearer {as_}"
        async with self.client.request(method, path, headers=sent, **more) as response:
            if response.content_type.endswith("json") and method != "HEAD":
                return response, await response.json(content_type=None)
            return response, await response.read()

    @property
    def origin(self) -> str:
        """Our own origin, as browsers write it."""
        return str(self.client._base_url).rstrip("/")


@pytest.fixture
def model(sqlite_model: Path) -> PostgresServer | Path:
    """Conventions know no database: one is enough for most of them."""
    return sqlite_model


Serve = Callable[..., Awaitable[Served]]


@pytest.fixture
async def serve(database: Database) -> AsyncIterator[Serve]:
    stops: list[Callable[[], Awaitable[None]]] = []

    async def start(*, public_url: str = "", **api_settings: Any) -> Served:
        notes = Notes(BrowserCookie(SESSION, public_url))
        clock_ms = [1_763_738_960_123]
        api = RestApi(
            [notes],
            database,
            NamedAuthenticator(),
            AccountsSettings(enabled=True, public_url=public_url, api=ApiSettings(**api_settings)),
            lambda: clock_ms[0],
            trusted_proxies=("127.0.0.1",),
        )
        application = web.Application()
        api.add_to(application)
        # As the server does: who leaves ends what was being done on their behalf.
        runner = web.AppRunner(application, access_log=None, handler_cancellation=True)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        client = aiohttp.ClientSession(
            f"http://127.0.0.1:{port}", cookie_jar=aiohttp.DummyCookieJar()
        )
        stops.extend([api.close, runner.cleanup, client.close])
        return Served(notes, api, client, clock_ms)

    yield start
    for stop in reversed(stops):
        await stop()


@pytest.fixture
async def served(serve: Serve) -> Served:
    return await serve()
