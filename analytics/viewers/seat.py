"""Seat: one connection, as far as the viewers on it are counted. Pure.

A player asks for a playlist several times a second on the same connections. So the seat remembers
whose it was the last time, and most requests cost one comparison and a note of the time.
"""

from typing import Protocol

from accounts.api.client_address import client_address
from analytics.viewers.guest import Guest, GuestBook
from analytics.viewers.ledger import Ledger
from analytics.viewers.session import Session
from analytics.viewers.session_id import SessionIds


class RequestFields(Protocol):
    """What a request says of who sent it."""

    @property
    def user_agent(self) -> str | None:
        """The program."""
        ...

    @property
    def forwarded_for(self) -> str | None:
        """The addresses that proxies have named."""
        ...


class Audience:
    """Gives viewers their sessions and each connection a seat.

    `proxies` are believed when they say for whom they ask. On their connections requests of many
    mix, so that only playlists are counted there. An address of theirs that they do not say more of
    stands for any number of people.
    """

    def __init__(
        self,
        ledger: Ledger,
        ids: SessionIds,
        guests: GuestBook,
        proxies: frozenset[str],
    ) -> None:
        self.ledger = ledger
        self._ids = ids
        self._guests = guests
        self._proxies = proxies

    def session_for(self, channel: str, shown: bytes | None) -> bytes:
        """Name a player that begins: anew, unless it shows a name that it got here before.

        The players of iPhones before iOS 17.1 tell their page nothing of what they ask for, so the
        page gives them a name to go on with.
        """
        if shown is not None and self._ids.is_ours(shown, channel):
            return shown
        return self._ids.make(channel)

    def seat(self, peer: str) -> "Seat":
        """Return a seat for a connection from this address."""
        return Seat(self, peer)

    def is_proxy(self, peer: str) -> bool:
        """Whether this address is believed."""
        return peer in self._proxies

    def guest(self, peer: str, fields: RequestFields) -> Guest:
        """Say who sent a request."""
        address = client_address(peer, fields.forwarded_for, self._proxies)
        is_exempt = address in self._proxies
        return self._guests.guest(address, fields.user_agent or "", is_exempt=is_exempt)


class Seat:
    """What is remembered for a connection: whose requests came on it.

    `sid` is the name of a session in the request that is answered now, if it shows one.
    """

    __slots__ = (
        "_asker",
        "_audience",
        "_fields",
        "_guest",
        "_is_kept",
        "_ledger",
        "_peer",
        "_visit",
        "sid",
    )

    def __init__(self, audience: Audience, peer: str) -> None:
        self._audience = audience
        self._ledger = audience.ledger
        self._peer = peer
        self._fields: RequestFields | None = None
        self._guest: Guest | None = None
        self._visit: Session | None = None  # on a connection of one viewer
        self._is_kept = False  # by that viewer, for one look after the other
        self._asker: Session | None = None  # of the request that is answered now
        self.sid: bytes | None = None

    def see_playlist(self, channel: str, rendition: str, fields: RequestFields) -> None:
        """Note that a media playlist, or a manifest by its session's name, was answered."""
        visit = self._visit
        if visit is not None and visit.sid == self.sid and visit.tally.channel == channel:
            ledger = self._ledger
            if rendition == visit.main:
                visit.seen = visit.main_seen = ledger.now
                self._is_kept = True
                return
            if rendition == visit.side and visit.main is not None:
                visit.seen = visit.side_seen = ledger.now
                return
        came_by = hash((self._peer, fields.forwarded_for))
        session = None if self.sid is None else self._ledger.find(self.sid, channel)
        if session is not None and session.came_by == came_by:
            self._ledger.go_on(session, rendition)  # known: who it is need not be read again
        else:
            guest = self._read_guest(fields)
            session = self._ledger.see(self.sid, channel, rendition, guest)
            if session is not None:
                session.came_by = came_by if session.main is not None else 0
        self._asker = session
        self._visit = None if self._is_shared(fields) else session
        self._is_kept = False

    def see_start(self, channel: str, fields: RequestFields) -> None:
        """Note that a manifest was answered to who had none before."""
        self._ledger.see_start(channel, self._read_guest(fields))

    def see_media(self) -> None:
        """Note that media was answered on the connection.

        It makes a viewer of who has asked for a playlist there, but keeps nobody alive: a page that
        is loaded again goes on with the connections of its predecessor.
        """
        visit = self._visit
        if visit is None:
            self._asker = None
        elif visit.main is None and self._guest is not None:
            self._ledger.see_media(visit, self._guest)

    def hang_up(self) -> None:
        """Note that the connection was closed while a request on it waited."""
        if self._asker is not None:
            self._ledger.hang_up(self._asker)

    def leave(self) -> None:
        """Note that the viewer has closed the connection, and waited for nothing on it.

        Players that poll have no request to hang up. Who looked again and again on this connection
        has left with it; who makes a new one for each look says nothing by closing it.
        """
        if self._visit is not None and self._is_kept:
            self._ledger.leave(self._visit)

    def _is_shared(self, fields: RequestFields) -> bool:
        return fields.forwarded_for is not None and self._audience.is_proxy(self._peer)

    def _read_guest(self, fields: RequestFields) -> Guest:
        guest = self._guest
        if guest is None or self._fields is not fields:
            guest = self._guest = self._audience.guest(self._peer, fields)
            self._fields = fields
        return guest
