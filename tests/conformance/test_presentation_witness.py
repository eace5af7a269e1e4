"""The multivariant playlist held against the media that came before it, while both change."""

from dataclasses import replace

import pytest

from conformance.check import Check
from conformance.checks.variants import SegmentWeight
from conformance.finding import Finding, Severity
from conformance.media_witness import MediaWitness
from conformance.mp4 import InitTrack, read_init_segment
from conformance.playlist import MultivariantPlaylist, Variant, read_media_playlist
from conformance.presentation_witness import PresentationWitness
from tests.conformance.live_media import show
from tests.conformance.playlists import OLD

URL = "https://a.example/live/show/index.m3u8"
MEDIA_URL = "https://a.example/live/show/e1/video/index.m3u8"
VARIANT = Variant(
    uri="e1/video/index.m3u8",
    bandwidth_bps=1_000_000,
    average_bandwidth_bps=None,
    codecs=("avc1.42C00B",),
    resolution=(160, 90),
)


def multivariant(**changes: object) -> MultivariantPlaylist:
    return MultivariantPlaylist(variants=(replace(VARIANT, **changes),))  # type: ignore[arg-type] # by name


class Following:
    """A presentation of one rendition whose media the test makes up."""

    def __init__(self, track: InitTrack) -> None:
        self.witness = PresentationWitness(URL, multivariant())
        self.media = MediaWitness()
        self.media.track = track
        self.witness.add_media(MEDIA_URL, self.media)
        self.playlist = read_media_playlist(OLD.encode())
        self.witness.observe_playlist(MEDIA_URL, self.playlist, 0.0, 0.0)

    def add_segment(self, msn: int, bitrate_bps: int) -> None:
        duration_s = self.playlist.target_duration_s
        self.media.weights[msn] = SegmentWeight(
            bitrate_bps * duration_s // 8, duration_s * 1_000_000
        )

    def reread(self, newest: MultivariantPlaylist | None = None) -> list[Finding]:
        newest = newest or self.witness.multivariant
        return self.witness.observe_multivariant(newest, self.witness.look())

    def resize(self, width_px: int, height_px: int) -> None:
        track = self.media.track
        assert track is not None
        entry = replace(track.entry, width_px=width_px, height_px=height_px)
        self.media.track = replace(
            track, entry=entry, display_width_px=width_px, display_height_px=height_px
        )


@pytest.fixture
def following() -> Following:
    return Following(read_init_segment(show()["video"].init).tracks[0])


def test_segments_are_weighed_once_and_against_a_playlist_asked_for_after_them(
    following: Following,
) -> None:
    following.add_segment(1, 900_000)
    assert following.reread() == []
    following.add_segment(2, 2_000_000)  # the encoder came back with more
    assert following.reread(multivariant(bandwidth_bps=2_000_000)) == []
    following.add_segment(3, 300_000)
    # Segment 2 may have left the playlist for long: a peak may be forgotten then.
    following.add_segment(4, 300_000)
    assert following.reread(multivariant(bandwidth_bps=300_000)) == []
    assert following.witness.conclude() == []


def test_segment_that_comes_while_the_playlist_is_asked_for_waits_for_the_next(
    following: Following,
) -> None:
    following.add_segment(1, 900_000)
    seen = following.witness.look()
    following.add_segment(2, 2_000_000)
    assert following.witness.observe_multivariant(multivariant(), seen) == []
    (found,) = following.reread()
    assert (found.check, found.severity) == (Check.BANDWIDTH, Severity.ERROR)
    assert following.reread() == []


def test_new_picture_size_is_held_against_the_playlist_read_after_it(following: Following) -> None:
    following.resize(320, 180)
    assert following.witness.conclude() == []  # no playlist was asked for since
    following.reread(multivariant(resolution=(320, 180)))
    assert following.witness.conclude() == []


def test_encoder_that_changes_while_the_playlist_is_asked_for_is_no_fault(
    following: Following,
) -> None:
    following.reread(multivariant(resolution=(320, 180)))  # the new media is not read yet
    assert following.witness.conclude() == []


def test_playlist_that_stays_wrong_is_found(following: Following) -> None:
    following.resize(320, 180)
    following.reread()
    (found,) = following.witness.conclude()
    assert (found.check, found.severity) == (Check.CODECS, Severity.ERROR)
    assert "expected RESOLUTION 320x180, got 160x90" in found.text
