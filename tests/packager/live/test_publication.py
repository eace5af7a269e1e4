"""A show from its first part to its end: state, revision, renditions, what is listed."""

from dataclasses import replace

import pytest

from ingest.media import AudioFormat, Codec, PublisherWarning, WarningCode
from packager.cadence import Cadence
from packager.hls import render_media_playlist
from packager.live import (
    Publication,
    PublicationEndedError,
    PublicationState,
    UnexpectedChangeError,
    WindowSettings,
)
from packager.segmenter.change import CadenceChosen, InitChanged, SegmentOpened, WarningRaised
from tests.packager.hls.cutter import AUDIO, VIDEO
from tests.packager.hls.playlist_reader import read_playlist
from tests.packager.live.show import CADENCE, Show

COMMENTARY = replace(AUDIO, name="audio-1", track_id=1)


def multivariant_text(show: Show) -> str:
    playlist = show.publication.multivariant()
    assert playlist is not None
    return playlist.identity.decode()


def state_of(show: Show) -> PublicationState:
    return show.publication.state


def test_players_can_start_once_every_rendition_has_a_complete_segment() -> None:
    show = Show()
    show.open()
    show.part()
    show.cutters["video"].close()
    assert state_of(show) is PublicationState.STARTING
    assert show.publication.multivariant() is None
    assert show.publication.revision == 0

    show.cutters["audio"].close()

    assert state_of(show) is PublicationState.LIVE
    assert show.publication.revision == 1
    assert "e1/video/index.m3u8\n" in multivariant_text(show)
    assert 'URI="e1/audio/index.m3u8"' in multivariant_text(show)


def test_the_multivariant_playlist_names_codecs_and_measured_rates() -> None:
    show = Show()
    show.segment()
    # 28 bytes in two seconds of video, 28 of audio.
    assert "BANDWIDTH=224,AVERAGE-BANDWIDTH=224" in multivariant_text(show)
    assert 'CODECS="avc1.4d401f,mp4a.40.2"' in multivariant_text(show)
    assert "#EXT-X-INDEPENDENT-SEGMENTS\n" in multivariant_text(show)


def test_the_multivariant_playlist_is_rendered_once_per_segment() -> None:
    show = Show()
    show.segment()
    assert show.publication.multivariant() is show.publication.multivariant()
    before = show.publication.multivariant()
    show.segment()
    assert show.publication.multivariant() is not before
    assert show.publication.revision == 1


def test_a_late_rendition_is_listed_from_its_first_complete_segment() -> None:
    show = Show()
    show.segment()
    late = show.join(COMMENTARY, first_msn=2)
    show.cutters["audio-1"] = late
    show.open()
    show.part()
    assert show.publication.revision == 1
    assert "audio-1" not in multivariant_text(show)

    show.close()

    assert show.publication.revision == 2
    assert 'NAME="Audio 2"' in multivariant_text(show)
    assert state_of(show) is PublicationState.LIVE


def test_a_late_rendition_has_the_discontinuity_sequence_of_its_siblings() -> None:
    show = Show()
    for msn in range(1, 31):
        show.segment(is_discontinuous=msn in (4, 9, 30))
    # The video opens discontinuous segment 31 before the late audio does.
    show.cutters["video"].open(is_discontinuous=True)
    show.cutters["audio-1"] = show.join(COMMENTARY, first_msn=31)
    for name in ("audio", "audio-1"):
        show.cutters[name].open(is_discontinuous=True)
    show.part()

    read = {
        name: read_playlist(rendition.playlist().identity.decode())
        for name, rendition in show.publication.renditions.items()
    }
    newest = {name: playlist.segments[-1] for name, playlist in read.items()}
    assert {segment.msn for segment in newest.values()} == {31}
    assert {segment.discontinuity_sequence for segment in newest.values()} == {4}


def test_a_new_format_is_a_new_revision() -> None:
    show = Show((AUDIO,))
    show.segment()
    assert 'CODECS="mp4a.40.2"' in multivariant_text(show)
    louder = replace(
        AUDIO,
        codec=Codec.FLAC,
        decoder_configuration=bytes(34),
        audio=AudioFormat(48_000, 2, 0),
    )
    show.publication.apply(InitChanged("audio", 2, louder), b"init")
    assert show.publication.revision == 2
    assert 'CODECS="fLaC"' in multivariant_text(show)


def test_an_interrupted_show_goes_on_where_it_stopped() -> None:
    show = Show()
    show.publication.interrupt()
    assert state_of(show) is PublicationState.INTERRUPTED
    show.publication.resume()
    assert state_of(show) is PublicationState.STARTING
    show.segment()
    show.publication.interrupt(stopped=True)
    assert show.publication.is_stopped
    assert show.publication.multivariant() is not None
    show.publication.resume()
    assert state_of(show) is PublicationState.LIVE
    assert not show.publication.is_stopped
    show.publication.resume()
    assert state_of(show) is PublicationState.LIVE


def test_a_show_that_becomes_playable_while_interrupted_is_live_when_it_resumes() -> None:
    show = Show()
    show.open()
    show.part()
    show.publication.interrupt()
    show.close()
    assert state_of(show) is PublicationState.INTERRUPTED
    assert show.publication.multivariant() is not None
    show.publication.resume()
    assert state_of(show) is PublicationState.LIVE


def test_the_end_is_final() -> None:
    show = Show()
    show.segment()
    show.open()
    show.part()
    show.publication.end()
    show.publication.end()
    assert state_of(show) is PublicationState.ENDED
    for rendition in show.publication.renditions.values():
        text = rendition.playlist(skip=True).identity.decode()
        assert "#EXT-X-ENDLIST\n" in text
        assert "segment-2.m4s\n" in text
        assert "PRELOAD-HINT" not in text
    assert show.publication.multivariant() is not None
    show.publication.interrupt()
    assert state_of(show) is PublicationState.ENDED
    with pytest.raises(PublicationEndedError):
        show.publication.resume()
    with pytest.raises(PublicationEndedError, match="clock has ended, got SegmentOpened"):
        show.publication.apply(SegmentOpened("video", 3, 0, False, 1))


def test_a_show_too_short_to_become_live_can_still_be_watched_after_its_end() -> None:
    show = Show()
    show.open()
    show.part()
    show.publication.end()
    assert show.publication.multivariant() is not None


def test_a_show_without_media_ends_with_nothing_to_watch() -> None:
    show = Show()
    show.publication.end()
    assert show.publication.multivariant() is None


def test_broken_orders_of_changes_are_refused() -> None:
    publication = Publication("clock", "e1", 0, WindowSettings())
    with pytest.raises(UnexpectedChangeError, match="a cadence before rendition video"):
        publication.apply(InitChanged("video", 1, VIDEO), b"init")
    publication.apply(CadenceChosen(CADENCE))
    publication.apply(CadenceChosen(CADENCE))
    with pytest.raises(UnexpectedChangeError, match="expected to keep"):
        publication.apply(CadenceChosen(Cadence(4, 1000)))
    with pytest.raises(UnexpectedChangeError, match="an init of rendition video first"):
        publication.apply(SegmentOpened("video", 1, 0, False, 1))


def test_warnings_to_the_streamer_change_nothing() -> None:
    show = Show()
    show.publication.apply(WarningRaised(PublisherWarning(WarningCode.LONG_GOP, "long")))
    assert show.publication.part_count == 0


def test_counters_tell_what_is_held_and_done() -> None:
    show = Show()
    show.segment()
    publication = show.publication
    assert publication.part_count == 4
    assert publication.window_bytes == sum(
        len(body)
        for body in (
            b"<video init 1>",
            b"<audio init 1>",
            b"<video part 1>" * 2,
            b"<audio part 1>" * 2,
        )
    )
    assert publication.render_count == 0
    publication.renditions["video"].playlist()
    assert publication.render_count == 1
    assert publication.waiter_count == 0
    assert publication.started_unix_s == pytest.approx(1_790_000_000.123)


def test_memory_is_bounded_by_the_window() -> None:
    show = Show()
    held = []
    for _ in range(60):
        show.segment()
        held.append(show.publication.window_bytes)
    # 14 s listed, and about as much again that has to stay fetchable.
    assert max(held) < 40 * len(b"<video part 99><audio part 99>")
    rendition = show.publication.renditions["video"]
    assert rendition.part(rendition.timeline.oldest_part_number) is not None
    assert rendition.part(rendition.timeline.oldest_part_number - 1) is None


def test_what_is_served_is_what_the_timeline_says() -> None:
    show = Show((VIDEO,))
    show.segment()
    rendition = show.publication.renditions["video"]
    assert rendition.playlist().identity.decode() == render_media_playlist(rendition.timeline)
