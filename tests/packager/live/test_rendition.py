"""Looking up media and playlists of a rendition."""

import gzip

from packager.live import PENDING, RenderedPlaylist, WindowSettings
from tests.packager.hls.cutter import VIDEO
from tests.packager.hls.playlist_reader import read_playlist
from tests.packager.live.show import Show


def test_a_segment_is_its_parts() -> None:
    show = Show()
    show.segment()
    video = show.publication.renditions["video"]
    assert video.segment(1) == (b"<video part 1>", b"<video part 2>")
    assert video.part(2) == b"<video part 2>"
    assert video.init_segment(1) == b"<video init 1>"


def test_what_is_not_there_is_none() -> None:
    show = Show()
    show.segment()
    show.open()
    show.part()
    video = show.publication.renditions["video"]
    assert video.segment(2) is None  # open: no playlist lists its URI yet
    assert video.segment(3) is None
    assert video.part(0) is None
    assert video.part(5) is None
    assert video.init_segment(2) is None


def test_only_the_hinted_part_is_pending() -> None:
    show = Show()
    video = show.publication.renditions["video"]
    assert video.part(1) is PENDING
    show.segment()
    assert video.part(3) is PENDING
    assert video.part(4) is None
    show.publication.end()
    assert video.part(3) is None


def test_a_gap_has_no_bytes() -> None:
    show = Show((VIDEO,))
    cutter = show.cutters["video"]
    cutter.open()
    cutter.part()
    cutter.part(is_gap=True)
    cutter.close()
    cutter.segment(is_gap=True)
    video = show.publication.renditions["video"]
    assert video.part(2) is None
    assert video.segment(1) == (b"<video part 1>",)
    assert video.segment(2) is None


def test_bytes_are_dropped_with_the_segment_that_needs_them() -> None:
    show = Show((VIDEO,), WindowSettings(listed_segments=6))
    show.segment()
    show.cutters["video"].use_init()
    video = show.publication.renditions["video"]
    while video.timeline.find(1) is not None:
        assert video.segment(1) == (b"<video part 1>", b"<video part 2>")
        assert video.init_segment(1) is not None
        show.segment()
    assert video.segment(1) is None
    assert video.part(1) is None
    assert video.part(2) is None
    assert video.part(3) is not None
    assert video.init_segment(1) is None
    assert video.init_segment(2) is not None


def test_a_playlist_is_rendered_once_per_version() -> None:
    show = Show()
    show.segment()
    video = show.publication.renditions["video"]
    first = video.playlist()
    assert video.playlist() is first
    assert video.playlist(skip=True) is first  # nothing to skip yet
    assert video.render_count == 1
    show.open()
    show.part()
    assert video.playlist() is not first
    assert video.render_count == 2


def test_the_delta_update_is_another_playlist_once_there_is_something_to_skip() -> None:
    show = Show(settings=WindowSettings(listed_segments=10))
    for _ in range(10):
        show.segment()
    video = show.publication.renditions["video"]
    assert video.playlist(skip=True) is not video.playlist()
    assert read_playlist(video.playlist(skip=True).identity.decode()).skipped == 3


def test_gzip_is_made_once_and_unpacks_to_the_playlist() -> None:
    show = Show()
    show.segment()
    playlist = show.publication.renditions["video"].playlist()
    assert gzip.decompress(playlist.gzip) == playlist.identity
    assert playlist.gzip is playlist.gzip


def test_every_version_unpacks_to_itself_though_its_beginning_was_deflated_once() -> None:
    show = Show(settings=WindowSettings(listed_segments=10))
    video = show.publication.renditions["video"]
    playlists: list[RenderedPlaylist] = []
    for _ in range(14):
        show.open(is_discontinuous=len(playlists) == 30)
        for _ in range(2):
            show.part()
            playlists += [video.playlist(), video.playlist(skip=True)]
        show.close()
        playlists += [video.playlist(skip=True), video.playlist()]
    show.publication.end()
    playlists.append(video.playlist())
    assert len({playlist.identity for playlist in playlists}) > 50
    for playlist in reversed(playlists):
        assert gzip.decompress(playlist.gzip) == playlist.identity


def reported(show: Show, name: str) -> dict[str, tuple[int, int]]:
    playlist = show.publication.renditions[name].playlist()
    return read_playlist(playlist.identity.decode()).reports


def test_every_sibling_with_parts_is_reported() -> None:
    show = Show()
    assert reported(show, "video") == {}
    show.segment()
    assert reported(show, "video") == {"../audio/index.m3u8": (1, 1)}
    assert reported(show, "audio") == {"../video/index.m3u8": (1, 1)}
    show.open()
    show.part()
    assert reported(show, "video") == {"../audio/index.m3u8": (2, 0)}


def test_a_report_is_never_more_than_one_part_old() -> None:
    show = Show()
    show.segment()
    video = show.publication.renditions["video"]
    before = video.playlist()
    audio = show.cutters["audio"]
    audio.open()
    audio.part()
    assert video.playlist() is before
    audio.part()
    assert video.playlist() is not before
    assert reported(show, "video") == {"../audio/index.m3u8": (2, 1)}


def test_a_report_of_a_full_playlist_is_no_older_for_a_delta_update_between() -> None:
    show = Show(settings=WindowSettings(listed_segments=10))
    for _ in range(10):
        show.segment()
    video = show.publication.renditions["video"]
    full = video.playlist()
    audio = show.cutters["audio"]
    audio.open()
    audio.part()
    assert video.playlist() is full
    assert video.playlist(skip=True) is not full
    audio.part()
    assert video.playlist() is not full


def test_a_sibling_that_joins_is_reported_with_its_first_part() -> None:
    show = Show((VIDEO,))
    show.segment()
    assert reported(show, "video") == {}
    late = Show().cutters["audio"].track
    cutter = show.join(late, first_msn=2)
    cutter.open()
    cutter.part()
    assert reported(show, "video") == {"../audio/index.m3u8": (2, 0)}
