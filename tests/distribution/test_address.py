"""Paths below /live/, as pure text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribution.live.address import (
    ClockAddress,
    ManifestAddress,
    MediaAddress,
    MediaKind,
    MultivariantAddress,
    PlaylistAddress,
    parse_live_path,
)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/live/ada/index.m3u8", MultivariantAddress("ada")),
        ("/live/ada/manifest.mpd", ManifestAddress("ada")),
        ("/live/ada/time", ClockAddress("ada")),
        ("/live/ada/e1/time", None),
        ("/live/ada/e1/video/index.m3u8", PlaylistAddress("ada", "e1", "video")),
        (
            "/live/A_-9/e/audio-2/init-3.mp4",
            MediaAddress("A_-9", "e", "audio-2", MediaKind.INIT, 3),
        ),
        ("/live/a/e/v/part-10.m4s", MediaAddress("a", "e", "v", MediaKind.PART, 10)),
        ("/live/a/e/v/segment-7.m4s", MediaAddress("a", "e", "v", MediaKind.SEGMENT, 7)),
        ("/live/a/e/v/segment-7.mp4", None),
        ("/live/a/e/v/part-+7.m4s", None),
        ("/live/a/e/v/part-\u0667.m4s", None),
        ("/live/a/e/v/part-7.m4s\n", None),
        ("/live/-a/index.m3u8", None),
        ("/live/api/index.m3u8", None),
        ("/live/../index.m3u8", None),
        ("/live/%2e%2e/index.m3u8", None),
        ("/LIVE/ada/index.m3u8", None),
    ],
)
def test_path_names_one_thing_or_none(path: str, expected: object) -> None:
    assert parse_live_path(path) == expected


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_an_address_or_none(rest: str) -> None:
    parse_live_path("/live/" + rest)
    parse_live_path(rest)
