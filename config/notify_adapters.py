"""What notify asks of the world, answered by accounts."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

from aiohttp import web

from accounts.api.authentication import Authenticator, credentials_of
from accounts.api.browser_cookie import BrowserCookie
from accounts.api.client_address import client_address, network_of
from accounts.api.csrf import is_cross_site
from accounts.channels.channel import Channel
from accounts.channels.hearing import Hearing, hearing_of, hearings_of
from accounts.channels.playback import Playback
from accounts.channels.sight import Asker
from accounts.facts.recall import recall
from accounts.people.standing_logins import standing_logins
from accounts.ports import Clock
from accounts.storage import Database, StorageError
from config.fact_tellings import tellings_of
from notify.ports import Credentials, Listener, Recalled, Seat, UnavailableError
from notify.topic import LIVE_KEY, Key

# As far as the API's operations for the same.
_SIGHT_SCOPE = "channels:read"
_ME_SCOPE = "notifications:read"
_SPEECH_SCOPE = "chat:write"
_MODERATION_SCOPE = "chat:moderate"
_CHANNELS_SCOPE = "channels:write"
_CHANNEL_KEY = "channel:"


class AccountDoorkeeper:
    """Implements Doorkeeper: the same cookies, tokens and rules as the API's."""

    def __init__(
        self,
        authenticator: Authenticator,
        cookie: BrowserCookie,
        *,
        public_url: str,
        trusted_proxies: Collection[str],
    ) -> None:
        self._authenticator = authenticator
        self._cookie = cookie
        self._public_url = public_url
        self._trusted_proxies = frozenset(trusted_proxies)

    def address_of(self, request: web.BaseRequest) -> str:
        """Return the client's address, an IPv6 network's as one; "" for a proxy's own."""
        forwarded = ",".join(request.headers.getall("X-Forwarded-For", ()))
        address = client_address(request.remote, forwarded, self._trusted_proxies)
        return "" if address in self._trusted_proxies else network_of(address)

    def is_cross_site(self, request: web.BaseRequest) -> bool:
        """Whether another site's page sent it: judged like a request that changes something.

        A browser lets any page open a WebSocket to anywhere, with cookies.
        """
        found = credentials_of(request, self._cookie)
        headers = request.headers
        if request.method == "GET" and "Upgrade" not in headers and "Origin" not in headers:
            # Browsers name no Origin where a page asks its own; other sites cannot read this.
            return headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}
        return is_cross_site(
            "POST",
            headers,
            has_cookie=found.cookie is not None,
            has_bearer=found.bearer is not None,
            public_url=self._public_url,
        )

    def credentials_of(self, request: web.BaseRequest) -> Credentials:
        """Return what the request carries."""
        found = credentials_of(request, self._cookie)
        return Credentials(found.cookie, found.bearer)

    async def identify(self, credentials: Credentials) -> Listener:
        """Return who it is."""
        with _unavailable():
            caller = await self._authenticator.authenticate(credentials.cookie, credentials.bearer)
        is_token = caller.via == "personal-token"
        return Listener(
            account_id=caller.account_id,
            session_id=caller.session_id,
            is_admin=caller.is_admin and caller.has_scope("admin"),
            sees=caller.is_known and caller.has_scope(_SIGHT_SCOPE),
            hears_me=caller.is_known and caller.has_scope(_ME_SCOPE),
            speaks=caller.is_known and caller.has_scope(_SPEECH_SCOPE),
            moderates=caller.is_known and caller.has_scope(_MODERATION_SCOPE),
            runs_channels=caller.is_known and caller.has_scope(_CHANNELS_SCOPE),
            token=credentials.bearer if is_token else None,
        )


class AccountRights:
    """Implements Rights by the rows of accounts and channels."""

    def __init__(
        self,
        database: Database,
        authenticator: Authenticator,
        playback: Playback,
        clock: Clock,
    ) -> None:
        self._database = database
        self._authenticator = authenticator
        self._playback = playback
        self._clock = clock

    async def seat(self, channel: str, listener: Listener) -> Seat | None:
        """Return from where a listener hears a channel."""
        with _unavailable():
            async with self._database.reading() as connection:
                found = await hearing_of(connection, channel, _asker(listener), self._clock())
            if listener.leave is not None and (found is None or not found.may_watch):
                guest_of = await self._playback.opened_by(channel, listener.leave)
                if guest_of is not None:
                    return _guest_seat(guest_of)
        return None if found is None else _seat(found)

    async def seats(
        self, channel_id: str, listeners: Collection[Listener]
    ) -> Mapping[Listener, Seat]:
        """Return those who may hear a channel now, and from where."""
        askers = {listener: _asker(listener) for listener in listeners}
        with _unavailable():
            async with self._database.reading() as connection:
                found = await hearings_of(
                    connection, channel_id, set(askers.values()), self._clock()
                )
            seats = {
                listener: _seat(found[asker])
                for listener, asker in askers.items()
                if asker in found
            }
            for listener in listeners:
                seat = seats.get(listener)
                if listener.leave is not None and (seat is None or not seat.hears_chat):
                    guest_of = await self._playback.still_opened_by(channel_id, listener.leave)
                    if guest_of is not None:
                        seats[listener] = _guest_seat(guest_of)
        return seats

    async def standing(self, listeners: Collection[Listener]) -> Collection[Listener]:
        """Return those whose log-ins stand, but no administrators who are none any more."""
        session_ids = {each.session_id for each in listeners if each.session_id is not None}
        found = []
        with _unavailable():
            async with self._database.reading() as connection:
                roles = await standing_logins(connection, session_ids, self._clock())
            for each in listeners:
                role = None if each.session_id is None else roles.get(each.session_id)
                if each.token is not None:
                    caller = await self._authenticator.authenticate(None, each.token)
                    role = caller.role if caller.account_id == each.account_id else None
                if role is not None and (role == "admin" or not each.is_admin):
                    found.append(each)
        return found


class FactArchive:
    """Implements Archive by the outbox."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def recall(
        self, fact: int, keys: Collection[Key], account_id: str | None, limit: int
    ) -> Recalled:
        """Return what facts behind a position are for these keys."""
        prefixed = [key for key in keys if key.startswith(_CHANNEL_KEY)]
        with _unavailable():
            async with self._database.reading() as connection:
                missed = await recall(
                    connection,
                    fact,
                    limit,
                    channel_ids=[key.removeprefix(_CHANNEL_KEY) for key in prefixed],
                    all_channels=LIVE_KEY in keys,
                    account_id=account_id,
                )
        wanted = frozenset(keys)
        tellings = [
            telling
            for each in missed.facts
            for telling in tellings_of(each)
            if not wanted.isdisjoint(telling.keys)
        ]
        return Recalled(tellings, missed.until, missed.is_whole)


def _asker(listener: Listener) -> Asker:
    """Say as whom somebody looks: by a token that does not reach so far, as nobody."""
    if not listener.sees:
        return Asker(None)
    return Asker(listener.account_id, is_admin=listener.is_admin)


def _guest_seat(channel: Channel) -> Seat:
    """Seat who may watch by a leave that they were given, and has no right of their own."""
    return Seat(channel.id, channel.name, is_staff=False, hears_chat=True)


def _seat(hearing: Hearing) -> Seat:
    return Seat(
        hearing.channel_id,
        hearing.channel,
        is_staff=hearing.is_staff,
        hears_chat=hearing.may_watch,
    )


@contextmanager
def _unavailable() -> Iterator[None]:
    try:
        yield
    except StorageError as error:
        raise UnavailableError(str(error)) from None
