"""PlaylistWitness: the successive playlists of one rendition, each held against all its rules."""

from conformance.check import Check
from conformance.checks.blocking import check_blocking_answer
from conformance.checks.cadence import check_part_cadence, check_segment_cadence
from conformance.checks.control import check_control, check_version
from conformance.checks.delivery import check_playlist_delivery
from conformance.checks.delta_update import check_delta
from conformance.checks.durations import check_durations
from conformance.checks.evolution import check_evolution, parts_after
from conformance.errors import PlaylistSyntaxError
from conformance.exchange import Exchange
from conformance.finding import Finding, error
from conformance.playlist import (
    DeltaMismatchError,
    MediaPlaylist,
    merge_delta,
    read_media_playlist,
)


class PlaylistWitness:
    """Reads answers of one media playlist's address in the order in which they came.

    `playlist` is the newest full playlist, merged from delta updates as a player merges them, or
    None before the first readable one. Pure: all times come with the exchanges.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.playlist: MediaPlaylist | None = None
        self.previous: MediaPlaylist | None = None
        self.wants_full = True
        self._arrived_s = float("-inf")
        self._last_part_s: float | None = None
        self._last_segment_s: float | None = None

    def observe(self, exchange: Exchange) -> list[Finding]:
        """Take an answer with status 200; return all that is wrong with it."""
        self.previous = self.playlist
        try:
            raw = read_media_playlist(exchange.body)
        except PlaylistSyntaxError as exc:
            self.wants_full = True
            return [error(exc.check, self.url, str(exc))]
        findings = [
            *check_playlist_delivery(exchange, raw.target_duration_s),
            *check_version(self.url, raw),
        ]
        before = self.playlist
        if raw.skip is not None:
            if before is None or "_HLS_skip" not in exchange.directives():
                findings.append(
                    error(Check.DELTA, self.url, "expected a full playlist, got a delta update")
                )
                self.wants_full = True
                return findings
            asked_v2 = exchange.directives().get("_HLS_skip") == "v2"
            findings += check_delta(self.url, before, raw, asked_v2=asked_v2)
            try:
                current = merge_delta(before, raw)
            except DeltaMismatchError:
                self.wants_full = True
                return findings
        else:
            current = raw
        findings += check_durations(self.url, current)
        findings += check_control(self.url, current)
        findings += check_blocking_answer(exchange, current, current.target_duration_s)
        if before is not None:
            findings += check_evolution(self.url, before, current)
            findings += self._check_cadence(exchange, before, current)
        else:
            self._last_part_s = self._last_segment_s = exchange.arrived_s
        self.playlist = current
        self.wants_full = False
        self._arrived_s = exchange.arrived_s
        return findings

    def can_ask_delta(self, now_s: float) -> bool:
        """Tell whether the newest playlist is fresh enough to ask for a delta update.

        "A Client SHOULD NOT request a Playlist Delta Update unless it already has a version of
        the Playlist that is no older than one-half of the Skip Boundary" (6.3.7).
        """
        control = self.playlist.server_control if self.playlist else None
        if self.wants_full or control is None or control.can_skip_until_us is None:
            return False
        return (now_s - self._arrived_s) * 2_000_000 < control.can_skip_until_us

    def _check_cadence(
        self, exchange: Exchange, before: MediaPlaylist, current: MediaPlaylist
    ) -> list[Finding]:
        findings: list[Finding] = []
        now_s = exchange.arrived_s
        # An interrupted publisher is no fault of the playlist: a break is told by DISCONTINUITY.
        is_resumed = any(
            segment.is_discontinuous
            for segment in current.all_segments()
            if segment.msn >= before.open_segment.msn
        )
        if parts_after(before, current):
            if self._last_part_s is not None and not is_resumed:
                findings += check_part_cadence(self.url, current, now_s - self._last_part_s)
            self._last_part_s = now_s
        if current.next_msn > before.next_msn:
            if self._last_segment_s is not None and not is_resumed:
                findings += check_segment_cadence(self.url, current, now_s - self._last_segment_s)
            self._last_segment_s = now_s
        return findings
