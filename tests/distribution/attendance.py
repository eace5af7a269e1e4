"""Attendance: an Audience that writes down all that it is told."""

from distribution.request_head import Fields


class Attendance:
    """`noted` is what was noted, in order; sessions are called session00001 and so on.

    `left_count`: connections that were closed from outside, as nginx does of its own accord.
    """

    def __init__(self) -> None:
        self.noted: list[tuple[str, ...]] = []
        self.left_count = 0
        self._made = 0

    def session_for(self, channel: str, shown: bytes | None) -> bytes:
        del channel
        if shown is not None and shown.startswith(b"session"):
            return shown
        self._made += 1
        return b"session%05d" % self._made

    def seat(self, peer: str) -> "AttendedSeat":
        return AttendedSeat(self, peer)


class AttendedSeat:
    """One connection."""

    def __init__(self, attendance: Attendance, peer: str) -> None:
        self._attendance = attendance
        self.peer = peer
        self.sid: bytes | None = None

    def see_playlist(self, channel: str, rendition: str, fields: Fields) -> None:
        self._note("playlist", channel, rendition, fields.forwarded_for or self.peer)

    def see_start(self, channel: str, fields: Fields) -> None:
        self._note("start", channel, fields.forwarded_for or self.peer)

    def see_media(self) -> None:
        self._note("media")

    def hang_up(self) -> None:
        self._note("hung up")

    def leave(self) -> None:
        self._attendance.left_count += 1

    def _note(self, *words: str) -> None:
        self._attendance.noted.append((*words, "" if self.sid is None else self.sid.decode()))
