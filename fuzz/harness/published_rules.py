"""PublishedRules: what every player counts on, read from the outside, like a client.

Playlists, manifests and fragments are read with the validator's own readers, which share no code
with what wrote them.
"""

from dataclasses import dataclass, field
from itertools import chain

from conformance.mp4 import InitSegment, read_fragments, read_init_segment
from conformance.mpd import presentation_faults, read_document, read_mpd, schema_faults
from conformance.playlist import (
    MediaPlaylist,
    OpenSegment,
    Segment,
    merge_delta,
    read_media_playlist,
    read_multivariant_playlist,
)
from packager.live import Publication
from packager.live.rendition import PENDING, Rendition

_URL = "http://origin.test/live/clock/manifest.mpd"
_ROUNDING_US = 2  # durations are differences of two rounded moments


@dataclass(slots=True)
class _Seen:
    """What is known of one rendition."""

    playlist: MediaPlaylist | None = None
    segments: dict[int, tuple[str, int, bool, int]] = field(default_factory=dict)
    part_number: int = 0
    sequence_number: int = 0
    # Where the next fragment must begin: msn, init and decode time; None after a gap.
    end: tuple[int, str, int] | None = None
    inits: dict[str, InitSegment] = field(default_factory=dict)


class PublishedRules:
    """Follows one Publication; call `check` after whatever may have changed it."""

    def __init__(self, publication: Publication) -> None:
        self._publication = publication
        self._seen: dict[str, _Seen] = {}

    def follow(self, publication: Publication) -> None:
        """Go on with the publication of a later process: for viewers it is the same one."""
        self._publication = publication

    def check(self) -> None:
        """Read everything that viewers can read now, and hold it against what they read before."""
        publication = self._publication
        multivariant, manifest = publication.multivariant(), publication.manifest()
        if multivariant is not None:
            listed = read_multivariant_playlist(multivariant.identity)
            assert listed.rendition_uris()
        if manifest is not None:
            root = read_document(manifest.identity)
            faults = [*schema_faults(root), *presentation_faults(root)]
            assert not faults, faults
            read_mpd(_URL, root)
        for rendition in publication.renditions.values():
            if rendition.timeline.last_msn is not None:
                self._check_rendition(rendition, self._seen.setdefault(rendition.name, _Seen()))

    def _check_rendition(self, rendition: Rendition, seen: _Seen) -> None:
        playlist = read_media_playlist(rendition.playlist().identity)
        _check_durations(playlist)
        if seen.playlist is not None:
            _check_evolution(seen.playlist, playlist)
            delta = read_media_playlist(rendition.playlist(skip=True).identity)
            if delta.skip is not None and seen.playlist.media_sequence == playlist.media_sequence:
                assert merge_delta(playlist, delta).segments == playlist.segments
        for gone in [msn for msn in seen.segments if msn < playlist.media_sequence]:
            del seen.segments[gone]
        for segment in playlist.segments:
            facts = (
                segment.uri,
                segment.duration_us,
                segment.is_discontinuous,
                segment.discontinuity_sequence,
            )
            assert seen.segments.setdefault(segment.msn, facts) == facts, "a segment never changes"
        for each in playlist.all_segments():
            _check_parts(rendition, each, seen)
        seen.playlist = playlist


def _check_durations(playlist: MediaPlaylist) -> None:
    part_target_us = playlist.part_target_us
    assert part_target_us is not None
    for segment in playlist.segments:
        assert (segment.duration_us + 500_000) // 1_000_000 <= playlist.target_duration_s
        if segment.parts:
            assert sum(part.duration_us for part in segment.parts) == segment.duration_us
    for part in chain.from_iterable(segment.parts for segment in playlist.all_segments()):
        assert 0 < part.duration_us <= part_target_us, "PART-TARGET holds"
    dates = [
        segment.program_date_time_us
        for segment in playlist.all_segments()
        if segment.program_date_time_us is not None
    ]
    assert dates == sorted(dates), "dates never go back"


def _check_evolution(before: MediaPlaylist, now: MediaPlaylist) -> None:
    assert now.media_sequence >= before.media_sequence, "MSNs never go back"
    assert now.last_position >= before.last_position
    assert now.discontinuity_sequence >= before.discontinuity_sequence
    assert (now.target_duration_s, now.part_target_us) == (
        before.target_duration_s,
        before.part_target_us,
    )
    assert now.server_control == before.server_control or now.is_ended


def _check_parts(rendition: Rendition, segment: Segment | OpenSegment, seen: _Seen) -> None:
    """Read the bytes of the parts that are new: decode times go on where the last one ended."""
    for index, part in enumerate(segment.parts):
        number = int(part.uri.rpartition("-")[2].partition(".")[0])
        if number <= seen.part_number:
            continue
        has_missed_some = number != seen.part_number + 1
        seen.part_number = number
        body = rendition.part(number)
        assert body is not PENDING
        if part.is_gap:
            assert body is None
            seen.end = None
            continue
        assert isinstance(body, bytes), "what is listed can be fetched"
        assert segment.map is not None
        init = _init(rendition, segment.map.uri, seen)
        (fragment,) = read_fragments(body, init)
        (track,) = fragment.tracks
        assert track.decode_time is not None
        assert track.end_time is not None
        timescale = init.tracks[0].timescale
        lasts_us = track.duration * 1_000_000 // timescale
        assert abs(lasts_us - part.duration_us) <= _ROUNDING_US
        assert fragment.sequence_number > seen.sequence_number
        seen.sequence_number = fragment.sequence_number
        if part.is_independent:
            assert track.samples[0].is_sync
        is_break = segment.is_discontinuous and index == 0
        if seen.end is not None and not has_missed_some and not is_break:
            _, map_uri, end_time = seen.end
            assert segment.map.uri == map_uri, "another init comes with a discontinuity"
            assert track.decode_time == end_time, "decode times have no hole"
        seen.end = (segment.msn, segment.map.uri, track.end_time)


def _init(rendition: Rendition, uri: str, seen: _Seen) -> InitSegment:
    if uri not in seen.inits:
        body = rendition.init_segment(int(uri.rpartition("-")[2].partition(".")[0]))
        assert body is not None, "the init of what is listed can be fetched"
        seen.inits[uri] = read_init_segment(body)
    return seen.inits[uri]
