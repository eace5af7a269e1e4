"""Shows that are slow to begin: configurations and clocks that break, times that stand still."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from ingest.media import Discontinuity, MediaEvent, Sample, TrackStarted, WarningCode
from packager.cadence import LatencyProfile
from packager.segmenter import Segmenter, SegmenterSettings
from tests.packager.segmenter.publisher import (
    AVC_RECORD,
    Arrival,
    Audio,
    Video,
    audio_track,
    interleaved,
    started,
    video_track,
)
from tests.packager.segmenter.show import Show, play_through
from tests.packager.segmenter.test_bounds import held_bytes

WHOLE_SHOW_S = 12


def sized(index: int) -> MediaEvent:
    """A configuration that no other index has."""
    return TrackStarted(video_track(record=AVC_RECORD + bytes([index])))


def broken_every(period_s: float, kind: str) -> list[Arrival]:
    """Pictures with a key frame after each break, and sound; the breaks come from the start."""
    arrivals = interleaved(Video(gop_s=period_s), Audio(), until_s=WHOLE_SHOW_S)
    breaks = []
    index, at_s = 1, period_s
    while at_s < WHOLE_SHOW_S:
        event = sized(index) if kind == "size" else Discontinuity("the test says so")
        breaks.append(Arrival(100.05 + at_s - 0.001, (event,)))
        index, at_s = index + 1, at_s + period_s
    return sorted([*arrivals, *breaks], key=lambda arrival: arrival.at_s)


@pytest.mark.parametrize("profile", list(LatencyProfile))
@pytest.mark.parametrize("period_s", [0.5, 1.0, 1.5])
@pytest.mark.parametrize("kind", ["size", "clock"])
def test_a_show_that_breaks_before_its_first_segment_is_whole_goes_on_in_short_ones(
    kind: str, period_s: float, profile: LatencyProfile
) -> None:
    show = play_through(broken_every(period_s, kind), profile=profile)
    show.check_equal_times()
    video = show.renditions["video"]
    assert video.payloads() == [s.payload for s in Video(gop_s=period_s).samples(WHOLE_SHOW_S)]
    assert show.emitted_at["video", 1] < 100.1 + period_s
    breaks = [segment for segment in video.segments if segment.opened.is_discontinuous]
    assert len(breaks) == round(WHOLE_SHOW_S / period_s) - 1
    assert len(video.inits) == (len(breaks) + 1 if kind == "size" else 1)
    show.check_independent_segments()
    assert show.warnings == []


def test_breaks_that_leave_nothing_worth_showing_are_told() -> None:
    show = play_through(broken_every(0.1, "size"))
    assert show.warnings == [WarningCode.SHOW_NOT_STARTED]
    (text,) = show.warning_texts
    assert text.endswith("its timestamps or its configuration change all the time.")


def test_a_configuration_that_is_replaced_before_its_first_sample_loses_nothing() -> None:
    sound = interleaved(Audio(), until_s=7)
    arrivals = [Arrival(100.0, (sized(1),)), *sound, Arrival(100.5, (sized(2),))]
    pictures = interleaved(Video(start_s=0.5), until_s=7, at_s=100.5)[1:]
    arrivals = sorted([*arrivals, *pictures], key=lambda arrival: arrival.at_s)
    show = play_through(arrivals)
    assert [track.decoder_configuration[-1] for track in show.renditions["video"].inits] == [2]
    assert not any(s.opened.is_discontinuous for s in show.renditions["video"].segments)
    assert show.renditions["audio"].payloads()[0] == b"audio000023", "the sound at 0.5 s"


def test_sound_that_changes_before_the_show_begins_breaks_nothing() -> None:
    first, second = Audio(skip_s=[(1, 99)]), Audio(start_s=1.0, track=audio_track(44_100))
    arrivals = interleaved(Video(), first, until_s=9)
    arrivals += interleaved(second, until_s=9, at_s=101)
    arrivals.sort(key=lambda arrival: arrival.at_s)
    show = play_through(arrivals)
    show.check_equal_times()
    show.check_nothing_lost("video", list(Video().samples(9)))
    audio = show.renditions["audio"]
    assert [track.timescale for track in audio.inits] == [44_100]
    assert not any(segment.opened.is_discontinuous for segment in audio.segments)


def stuck(arrivals: list[Arrival], until_s: float) -> list[Arrival]:
    """Times that do not advance, as ingest makes them rise: by a tick."""
    last: dict[str, int] = {}

    def hold(event: MediaEvent, at_s: float) -> MediaEvent:
        if not isinstance(event, Sample) or at_s >= until_s:
            return event
        last[event.track] = last.get(event.track, -1) + 1
        return event._replace(dts=last[event.track], pts=last[event.track])

    return [
        Arrival(arrival.at_s, tuple(hold(event, arrival.at_s) for event in arrival.events))
        for arrival in arrivals
    ]


@pytest.mark.parametrize("sources", [(Video(), Audio()), (Video(),), (Audio(),)])
def test_times_that_do_not_advance_are_told_once_and_publish_nothing(
    sources: tuple[Video | Audio, ...],
) -> None:
    show = play_through(stuck(interleaved(*sources, until_s=35), 999))
    assert show.renditions == {}
    assert show.warning_texts == [
        "Media has come for 10 s, but the show cannot start: its timestamps do not advance."
    ]


@pytest.mark.parametrize("advances_at_s", [103.0, 109.0, 111.0, 125.3])
def test_times_that_advance_at_last_begin_a_show_with_the_usual_cadence(
    advances_at_s: float,
) -> None:
    arrivals = stuck(interleaved(Video(), Audio(), until_s=advances_at_s - 100), 999)
    later = interleaved(Video(start_s=0.2), Audio(start_s=0.2), until_s=10, at_s=advances_at_s)
    show = play_through([*arrivals, *later[1:]])
    show.check_equal_times()
    assert show.cadence == play_through(later).cadence
    assert show.warnings.count(WarningCode.SHOW_NOT_STARTED) == (advances_at_s > 108)
    assert show.renditions["video"].payloads()[-1] == b"video000293P"


def test_times_that_stop_advancing_in_a_show_keep_the_rules() -> None:
    arrivals = interleaved(Video(), Audio(), until_s=60)
    held = 8 * 90_000

    def hold(arrival: Arrival) -> Arrival:
        event = arrival.events[0]
        if not isinstance(event, Sample) or arrival.at_s < 108.05:
            return arrival
        at = held * (1 if event.track == "video" else 48_000 / 90_000)
        dts = round(at) + round((arrival.at_s - 108) * 90)
        return Arrival(arrival.at_s, (event._replace(dts=dts, pts=dts),))

    show = play_through([hold(arrival) for arrival in arrivals])
    assert show.renditions["video"].segments[-1].msn < 10


def test_what_came_of_a_publisher_who_pauses_is_shown_after_a_while_and_told() -> None:
    show = Show()
    show.start()
    show.play(interleaved(Video(), Audio(), until_s=1))
    show.wait_until(109)
    assert show.renditions == {}
    show.wait_until(140)
    assert show.warnings == [WarningCode.SHOW_NOT_STARTED]
    assert show.warning_texts[0].startswith("No media has come for 9 s")
    assert len(show.renditions["video"].payloads()) > 20
    show.play(interleaved(Video(start_s=40), Audio(start_s=40), until_s=50, at_s=140)[1:])
    show.end()
    show.check_equal_times()
    assert show.renditions["video"].payloads()[-1].startswith(b"video000299")


def test_a_missing_key_frame_is_told_once() -> None:
    pictures = [sample._replace(is_sync=False) for sample in Video().samples(30)]
    arrivals = [started(video_track())]
    arrivals += [Arrival(100.05 + sample.dts / 90_000, (sample,)) for sample in pictures]
    assert play_through(arrivals).warnings == [WarningCode.NO_KEYFRAME]
    slow = [Arrival(100 + 3 * (a.at_s - 100), a.events) for a in arrivals]
    show = play_through(slow)
    assert show.warning_texts == [
        "Media has come for 10 s, but the show cannot start: no key frame has come."
    ]


def test_a_long_first_segment_is_no_reason_to_complain() -> None:
    settings = SegmenterSettings(segment_target_ms=10_000)
    show = play_through(interleaved(Video(), Audio(), until_s=25), settings)
    assert show.warnings == []
    assert show.cadence is not None
    assert show.cadence.target_duration_s == 10


def test_the_next_publisher_is_told_anew() -> None:
    show = Show()
    for at_s in (100, 200):
        show.start(at_s)
        show.play(stuck(interleaved(Video(), until_s=12, at_s=at_s), 999))
        show.end()
    assert show.warnings == [WarningCode.SHOW_NOT_STARTED] * 2


def endless(kind: str) -> Iterator[tuple[MediaEvent, ...]]:
    """A minute of a key frame and some sound, ever again."""
    payload = bytes(10_000)
    for index in range(6000):
        yield (Sample("video", index, index, 0, index % 60 == 0, payload + bytes([index % 256])),)
        if kind == "breaks":
            yield (Discontinuity("the test says so"),)
        elif kind == "sizes":
            yield (sized(index % 256),)


@pytest.mark.parametrize("kind", ["times", "breaks", "sizes"])
def test_nothing_grows_while_a_show_cannot_begin(kind: str) -> None:
    segmenter = Segmenter(SegmenterSettings(), LatencyProfile.NORMAL)
    segmenter.start_publisher(0.0, 0)
    segmenter.receive([sized(0), TrackStarted(replace(audio_track()))], 0.0, 0)
    most = 0
    for index, events in enumerate(endless(kind)):
        segmenter.receive(events, index / 60, index * 16)
        if index % 500 == 0:
            most = max(most, held_bytes(segmenter))
    assert most < 8 * 2**20
