"""Ledger: all playback sessions of one process, and how many of them watch. Pure.

A session begins with its first media playlist and is a viewer from the second request on: who only
fetches the multivariant playlist, or each list once, looks but does not watch. It lives by its
requests and ends by silence, at its last request.

`now` is steady milliseconds and goes on with `beat` alone, several times a second.
"""

from collections.abc import Callable, Iterable, Mapping
from heapq import heappop, heappush
from typing import Final, Protocol

from analytics.viewers.agents import OTHER, WEB_DASH, WEB_HLS
from analytics.viewers.departures import Departure, Departures
from analytics.viewers.doubts import Doubts
from analytics.viewers.due_wheel import DueWheel
from analytics.viewers.guest import Guest
from analytics.viewers.origins import Origins
from analytics.viewers.session import OVER, Session
from analytics.viewers.session_id import SessionIds
from analytics.viewers.settings import ViewersSettings
from analytics.viewers.spell_book import SpellBook
from analytics.viewers.tallies import SILENT_TARGET_DURATIONS, OnAir, Tallies, Tell
from analytics.viewers.tally import SAMPLE_INTERVAL_S, ChannelTally

WHOLE_SHOW: Final = "all"
"""The rendition of who asks for a manifest, and takes of it what it likes."""

# Who hangs up while waiting for what comes next has left, or asks again at once.
_HUNG_UP_MS: Final = 3_000
_SECOND_MS: Final = 1_000
_BEATS_MISSED_MS: Final = 2_000
# Addresses that one session may be seen at, as when a telephone leaves the house. More than these
# have a saved URL, or a cache has given one session to many.
_ORIGINS: Final = 4
_SHORTEST_WRITTEN_MS: Final = 5_000  # renditions that alternate must not make rows without bound
_AT_ONCE_MS: Final = 500
_MOST_LOOKED_AT: Final = 8  # renditions, before a player is one
_NAMELESS: Final = b"~"
_LOOKED_AT: Final = 64

HashViewer = Callable[[Guest], str]
"""Makes what is kept of a guest."""


class Shows(OnAir, Protocol):
    """What the ledger needs to know of what is on air."""

    def is_video(self, channel: str, rendition: str) -> bool:
        """Whether the rendition is one of pictures."""
        ...


class Ledger:
    """Owns the sessions. `tell` hears of each count once a second at most, if it has changed.

    `overflow_count` counts players for whom there was no room, `crowded_count` those of an address
    that had too many already, or began too many lately, `robot_count` requests of robots.
    `departures` are those of viewers with a name.
    """

    def __init__(
        self,
        settings: ViewersSettings,
        ids: SessionIds,
        shows: Shows,
        book: SpellBook,
        *,
        tell: Tell,
        hash_viewer: HashViewer,
        now: int,
    ) -> None:
        self.now = now
        self.overflow_count = 0
        self.crowded_count = 0
        self.robot_count = 0
        self.departures = Departures(settings.sessions, now)
        self._settings = settings
        self._ids = ids
        self._shows = shows
        self._tallies = Tallies(shows, tell)
        self._book = book
        self._hash_viewer = hash_viewer
        self._sessions: dict[bytes, Session] = {}
        self._origins = Origins(settings.sessions_per_address)
        self._doubts = Doubts()
        self._wheel = DueWheel(now // _SECOND_MS)
        self._hung_up: list[tuple[int, int, int, Session]] = []  # a heap, the earliest first
        self._hung_up_count = 0
        self._listening_since = now

    def __len__(self) -> int:
        """Count the sessions, viewers or not."""
        return len(self._sessions)

    @property
    def viewer_count(self) -> int:
        """How many watch, on all channels."""
        return self._tallies.viewer_count

    @property
    def tallies(self) -> Mapping[str, ChannelTally[Session]]:
        """The counts of each channel that is live or has players."""
        return self._tallies.by_channel

    def sessions(self) -> Iterable[Session]:
        """Return every session."""
        return self._sessions.values()

    def find(self, sid: bytes, channel: str) -> Session | None:
        """Return the viewer of a channel that has this session."""
        session = self._sessions.get(sid)
        if session is None or session.main is None or session.tally.channel != channel:
            return None
        return session

    def go_on(self, session: Session, rendition: str) -> None:
        """Note that a viewer who was found has asked for a playlist, as before."""
        session.seen = now = self.now
        if rendition == session.main:
            session.main_seen = now
        elif rendition == session.side:
            session.side_seen = now
        else:
            self._note_other(session, session.main or WHOLE_SHOW, rendition)

    def see(self, sid: bytes | None, channel: str, rendition: str, guest: Guest) -> Session | None:
        """Note that a playlist was asked for; return the session that this was of, if any."""
        if guest.player is None:
            self.robot_count += 1
            return None
        if sid is not None:
            session = self._sessions.get(sid)
            if session is None:
                if self._ids.is_ours(sid, channel):
                    return self._begin(sid, sid, channel, rendition, guest)
            elif session.tally.channel == channel and _may_be_at(session, guest.origin):
                self._note(session, rendition, guest)
                return session
        return self._see_nameless(channel, rendition, guest)

    def see_start(self, channel: str, guest: Guest) -> None:
        """Note that a manifest was asked for by a player without a name of its own.

        Most ask for the next one by the name that is in it. Those that do not are players if they
        come again.
        """
        if guest.player is None:
            self.robot_count += 1
        else:
            self._see_nameless(channel, WHOLE_SHOW, guest)

    def see_media(self, session: Session, guest: Guest) -> None:
        """Note that a session took media, which makes a player of it."""
        session.seen = self.now
        if session.main is None and not session.is_over:
            self._promote(session, session.side or WHOLE_SHOW, guest)

    def hang_up(self, session: Session) -> None:
        """Note that a session's request was cut off by its player while it waited."""
        self._expect(session, _HUNG_UP_MS)

    def leave(self, session: Session) -> None:
        """Note that a player that polls has closed its connection.

        A look is missed then, if it does not go on with another connection.
        """
        look_ms = session.tally.silence_ms // SILENT_TARGET_DURATIONS
        self._expect(session, look_ms + _SECOND_MS)

    def beat(self, now: int) -> None:
        """Go on to this moment. Call it several times a second."""
        if now - self.now > _BEATS_MISSED_MS:
            self._listening_since = now  # nobody was heard meanwhile: that is no silence of theirs
        self.now = now
        while self._hung_up and self._hung_up[0][0] <= now:
            _, _, seen, session = heappop(self._hung_up)
            if session.seen == seen and not session.is_over:
                self._end(session)
        before, second = self._wheel.second, now // _SECOND_MS
        self._wheel.turn(second)
        self._look_at_due(second)
        if second == before:
            return
        is_sample = second // SAMPLE_INTERVAL_S != before // SAMPLE_INTERVAL_S
        for session in self._doubts.resolve():
            self._count(session)
        self.departures.turn(now)
        self._tallies.look(is_sample=is_sample)

    def set_clock(self, ahead_ms: int) -> None:
        """Take note that the wall clock was set."""
        self._book.set_clock(ahead_ms, self._sessions.values(), self.now)

    def end_all(self) -> None:
        """End every session: the server stops."""
        for session in list(self._sessions.values()):
            self._end(session)

    def _expect(self, session: Session, ms: int) -> None:
        """End a session if it says nothing for so long."""
        if session.is_over:
            return
        session.seen = min(session.seen, self.now - 1)  # a request of this very beat is later
        self._hung_up_count += 1  # of two at one moment the first is the first
        due = self.now + ms
        heappush(self._hung_up, (due, self._hung_up_count, session.seen, session))

    def _see_nameless(self, channel: str, rendition: str, guest: Guest) -> Session | None:
        """Find a player by its address and program, unless it is one that has a name, too."""
        tally = self._tallies.by_channel.get(channel)
        if tally is not None:
            named = [
                known
                for known in tally.of_visitor(guest.visitor, _LOOKED_AT)
                if known.sid is not None
            ]
            if named:
                self._note(max(named, key=_last_seen), rendition, guest)
                return None
        key = b"%b%b%b" % (_NAMELESS, guest.visitor.to_bytes(8), channel.encode())
        session = self._sessions.get(key)
        if session is None:
            return self._begin(key, None, channel, rendition, guest)
        self._note(session, rendition, guest)
        return session

    def _begin(
        self, key: bytes, sid: bytes | None, channel: str, rendition: str, guest: Guest
    ) -> Session | None:
        if len(self._sessions) >= self._settings.sessions:
            self.overflow_count += 1
            return None
        if not guest.is_exempt and not self._origins.has_room(guest.origin):
            self.crowded_count += 1
            return None
        tally = self._tallies.of(channel)
        player = guest.player or OTHER
        if player == WEB_HLS and rendition == WHOLE_SHOW:
            player = WEB_DASH
        session = Session(key, sid, tally, player, guest.origin, guest.visitor, self.now)
        session.is_exempt = guest.is_exempt
        departed = None if sid is None else self.departures.take(sid)
        if departed is not None:
            session.began -= departed.span_ms
            session.vouched_ms = departed.vouched_ms
        session.side = rendition
        self._sessions[key] = session
        self._origins.add(session)
        tally.add(guest.visitor, session)
        self._look_later(session)
        return session

    def _note(self, session: Session, rendition: str, guest: Guest) -> None:
        now = self.now
        if session.main is not None:
            self.go_on(session, rendition)
        else:
            session.seen = now
            is_known = rendition == session.side or rendition in session.looked_at
            # What is repeated at once is a retry, or a proxy's word of the same request.
            if is_known and now - session.since >= _AT_ONCE_MS:
                self._promote(session, rendition, guest)
            elif not is_known and len(session.looked_at) < _MOST_LOOKED_AT:
                session.looked_at += (rendition,)  # a player changes before it has looked twice

    def _note_other(self, session: Session, main: str, rendition: str) -> None:
        """Find out what a rendition is to a session that was not known to play it."""
        channel, now = session.tally.channel, self.now
        is_video = self._shows.is_video(channel, rendition)
        if self._shows.is_video(channel, main):
            if not is_video:
                session.side, session.side_seen = rendition, now
                return
            if now - session.main_seen < _AT_ONCE_MS:
                return
        elif is_video:
            session.side, session.side_seen = main, now
        self._switch(session, rendition, now)

    def _switch(self, session: Session, rendition: str, at: int) -> None:
        if session.is_written and (
            at - session.since < _SHORTEST_WRITTEN_MS
            or not self._origins.may_change(session, self.now)
        ):
            return
        main = session.main or WHOLE_SHOW
        if session.is_counted:
            session.tally.count(main, session.player, -1)
            session.tally.count(rendition, session.player, 1)
        if session.is_written:
            self._book.change(session, rendition, at)
        session.main = rendition
        session.main_seen = max(session.main_seen, at)

    def _promote(self, session: Session, rendition: str, guest: Guest) -> None:
        """Take a session for a viewer, from its first request on."""
        if not self._origins.may_begin(session, self.now):
            self.crowded_count += 1
            return
        session.main, session.side, session.looked_at = rendition, None, ()
        session.main_seen = self.now
        session.viewer = self._hash_viewer(guest)
        name = self._ids.make(session.tally.channel) if session.sid is None else session.key
        session.name = name.decode()
        self._book.begin(session, session.since)
        if self._doubts.is_new(session):
            self._count(session)

    def _count(self, session: Session) -> None:
        session.is_counted = True
        session.tally.count(session.main or WHOLE_SHOW, session.player, 1)

    def _end(self, session: Session) -> None:
        tally = session.tally
        if session.main is not None:
            self._book.end(session, session.seen)
            self._remember(session, session.seen)
            self._doubts.forget(session)
            if session.is_counted:
                tally.count(session.main, session.player, -1)
        elif session.began < session.since:  # back for one look
            self._remember(session, session.since)
        session.sid = OVER
        del self._sessions[session.key]
        tally.remove(session.visitor, session)
        self._origins.remove(session)

    def _remember(self, session: Session, until: int) -> None:
        """Keep for a while what a session with a name of its own was seen to watch."""
        if session.sid is not None:
            span_ms = max(0, until - session.began)
            self.departures.add(session.sid, Departure(span_ms, session.vouched_ms), self.now)

    def _due_second(self, session: Session) -> int:
        """Return when a session is over unless it says something before."""
        since = max(session.seen, self._listening_since)
        return (since + session.tally.silence_ms) // _SECOND_MS + 1

    def _look_later(self, session: Session) -> None:
        self._wheel.put(session, self._due_second(session))

    def _look_at_due(self, second: int) -> None:
        """Look at those whose time has come."""
        for session in self._wheel.take(len(self._sessions)):
            if session.is_over:
                continue
            if self._due_second(session) <= second:
                self._end(session)
                continue
            silence_ms = session.tally.silence_ms
            if session.side is not None and session.side_seen - session.main_seen > silence_ms:
                # The picture is not looked at any more: a telephone in a pocket.
                side, session.side = session.side, None
                self._switch(session, side, session.main_seen)
                session.main_seen = session.side_seen
            self._look_later(session)


def _may_be_at(session: Session, origin: int) -> bool:
    """Whether the session may go on at this address."""
    if origin == session.origin or origin in session.origins:
        return True
    if len(session.origins) + 1 >= _ORIGINS:
        return False
    session.origins += (origin,)
    return True


def _last_seen(session: Session) -> int:
    return session.seen
