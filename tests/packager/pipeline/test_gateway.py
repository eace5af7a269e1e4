"""Shows from their first publisher to the last byte, with every time given."""

import asyncio

import pytest
from structlog.testing import capture_logs

from ingest.media import TrackStarted
from ingest.ports import EndReason, NoRoomError, OutputEndedError
from packager.cadence import LatencyProfile
from packager.cmaf.errors import CmafError
from packager.events import BroadcastEnded, BroadcastInterrupted, BroadcastWarned
from packager.hls import Position
from packager.live import PublicationState
from packager.pace import PaceLimits
from packager.settings import PackagerSettings
from tests.packager.live.viewer import Viewer
from tests.packager.pipeline.newsroom import Newsroom
from tests.packager.segmenter.publisher import Arrival, Video, video_track

SETTINGS = PackagerSettings(grace_s=30, ended_s=20)


def last_msn(newsroom: Newsroom) -> int:
    timeline = newsroom.publication().renditions["video"].timeline
    assert timeline.last_msn is not None
    return timeline.last_msn


def test_a_show_is_told_of_when_it_can_be_watched() -> None:
    newsroom = Newsroom()
    sink = newsroom.open()
    newsroom.play(sink, seconds=1)
    assert newsroom.publication().state is PublicationState.STARTING
    assert newsroom.told() == []
    newsroom.lose(sink, EndReason.TAKEN_OVER)
    newsroom.play(newsroom.open(), seconds=6)
    assert newsroom.publication().state is PublicationState.LIVE
    assert newsroom.told() == ["BroadcastStarted"]


def test_a_lost_publisher_is_awaited_for_the_grace_time_and_the_end_served_after() -> None:
    newsroom = Newsroom(SETTINGS)
    sink = newsroom.open()
    newsroom.play(sink, seconds=6)
    newsroom.lose(sink)
    publication = newsroom.publication()
    newsroom.wait(29)
    assert newsroom.states() == {"clock": PublicationState.INTERRUPTED}
    assert not publication.is_stopped
    newsroom.wait(2)
    assert newsroom.states() == {"clock": PublicationState.ENDED}
    assert newsroom.told() == ["BroadcastStarted", "BroadcastInterrupted", "BroadcastEnded"]
    ended = newsroom.events[-1]
    assert isinstance(ended, BroadcastEnded)
    assert ended.duration_s == pytest.approx(6, abs=0.1)  # what was waited is no part of the show
    newsroom.wait(18)
    assert newsroom.publications.get("clock") is publication
    newsroom.wait(3)
    assert newsroom.publications.get("clock") is None
    assert newsroom.told().count("BroadcastEnded") == 1


def test_a_publisher_who_comes_back_in_time_goes_on_with_the_same_show() -> None:
    newsroom = Newsroom(SETTINGS)
    sink = newsroom.open()
    newsroom.play(sink, seconds=6)
    publication, msn = newsroom.publication(), last_msn(newsroom)
    newsroom.lose(sink)
    newsroom.wait(29)
    newsroom.play(newsroom.open(), seconds=6)
    assert newsroom.publication() is publication
    assert publication.state is PublicationState.LIVE
    assert last_msn(newsroom) > msn
    assert "#EXT-X-DISCONTINUITY\n" in publication.renditions["video"].playlist().identity.decode()
    newsroom.wait(120)
    assert publication.state is PublicationState.LIVE
    assert newsroom.told()[:3] == ["BroadcastStarted", "BroadcastInterrupted", "BroadcastResumed"]
    assert "BroadcastEnded" not in newsroom.told()


def test_a_goodbye_is_told_apart_from_a_loss() -> None:
    newsroom = Newsroom()
    sink = newsroom.open()
    newsroom.play(sink, seconds=6)
    publication = newsroom.publication()
    newsroom.lose(sink, EndReason.UNPUBLISHED)
    assert publication.is_stopped
    assert newsroom.publications.live() == []
    assert newsroom.events[-1] == BroadcastInterrupted("clock", publication.epoch, stopped=True)
    newsroom.play(newsroom.open(), seconds=1)
    assert newsroom.publications.live() == [publication]


def test_publishers_who_bring_nothing_neither_prolong_a_show_nor_resume_it() -> None:
    newsroom = Newsroom(SETTINGS)
    sink = newsroom.open()
    newsroom.play(sink, seconds=6)
    newsroom.lose(sink)
    for _ in range(5):
        assert newsroom.states() == {"clock": PublicationState.INTERRUPTED}
        silent = newsroom.open()
        newsroom.wait(5)
        newsroom.lose(silent, EndReason.SILENT)
        newsroom.wait(2)
    assert newsroom.states() == {"clock": PublicationState.ENDED}
    assert newsroom.told() == ["BroadcastStarted", "BroadcastInterrupted", "BroadcastEnded"]


def test_publishers_who_take_over_and_bring_nothing_do_not_prolong_a_show() -> None:
    newsroom = Newsroom(SETTINGS)
    sink = newsroom.open()
    newsroom.play(sink, seconds=6)
    for _ in range(16):
        assert newsroom.states() == {"clock": PublicationState.LIVE}
        newsroom.lose(sink, EndReason.TAKEN_OVER)
        sink = newsroom.open()
        newsroom.wait(2)
    assert newsroom.states() == {"clock": PublicationState.ENDED}
    with pytest.raises(OutputEndedError):
        newsroom.play(sink, seconds=1)


@pytest.mark.parametrize("silent_s", [9, 11])
def test_who_connects_at_the_last_moment_has_ten_seconds_for_a_first_sample(silent_s: int) -> None:
    newsroom = Newsroom(SETTINGS)
    sink = newsroom.open()
    newsroom.play(sink, seconds=6)
    newsroom.lose(sink)
    newsroom.wait(29)
    back = newsroom.open()
    newsroom.wait(silent_s)
    if silent_s < 10:
        newsroom.play(back, seconds=1)
    state = PublicationState.LIVE if silent_s < 10 else PublicationState.ENDED
    assert newsroom.states() == {"clock": state}


def test_a_takeover_goes_on_without_any_grace_time() -> None:
    newsroom = Newsroom(PackagerSettings(grace_s=0))
    sink = newsroom.open()
    newsroom.play(sink, seconds=6)
    newsroom.lose(sink, EndReason.TAKEN_OVER)
    newer = newsroom.open()
    newsroom.wait(2)
    newsroom.play(newer, seconds=6)
    newsroom.wait(1)
    assert newsroom.told() == ["BroadcastStarted"]
    newsroom.lose(newer)
    newsroom.wait(0.1)
    assert newsroom.states() == {"clock": PublicationState.ENDED}


def test_a_takeover_is_no_interruption() -> None:
    newsroom = Newsroom(SETTINGS)
    sink = newsroom.open()
    newsroom.play(sink, seconds=6)
    publication, msn = newsroom.publication(), last_msn(newsroom)
    newsroom.lose(sink, EndReason.TAKEN_OVER)
    assert publication.state is PublicationState.LIVE
    newsroom.play(newsroom.open(), seconds=6)
    assert newsroom.publication() is publication
    assert last_msn(newsroom) > msn
    assert newsroom.told() == ["BroadcastStarted"]


def test_a_publisher_after_the_end_begins_another_show() -> None:
    newsroom = Newsroom(SETTINGS)
    sink = newsroom.open()
    newsroom.play(sink, seconds=6)
    newsroom.lose(sink)
    newsroom.wait(31)
    ended = newsroom.publication()
    newsroom.play(newsroom.open(), seconds=6)
    assert newsroom.publication().epoch != ended.epoch
    assert last_msn(newsroom) < 5
    newsroom.wait(60)
    assert newsroom.publication().state is PublicationState.LIVE  # the old one's time is over


def test_a_publisher_nobody_could_watch_leaves_nothing() -> None:
    newsroom = Newsroom(SETTINGS)
    newsroom.lose(newsroom.open())
    newsroom.wait(0.1)
    assert newsroom.publications.get("clock") is None
    assert newsroom.told() == []


def test_a_show_that_was_never_told_of_is_not_said_to_resume() -> None:
    newsroom = Newsroom(SETTINGS)
    newsroom.lose(newsroom.open())
    newsroom.open()
    assert newsroom.told() == []


def test_a_full_server_has_room_again_when_an_ended_show_is_forgotten() -> None:
    newsroom = Newsroom(SETTINGS, max_publications=1)
    sink = newsroom.open()
    newsroom.play(sink, seconds=6)
    with pytest.raises(NoRoomError):
        newsroom.open("other")
    newsroom.lose(sink)
    newsroom.wait(31)
    with pytest.raises(NoRoomError):
        newsroom.open("other")
    newsroom.wait(21)
    newsroom.open("other")


def test_a_fault_while_time_passes_ends_one_show_and_no_other() -> None:
    newsroom = Newsroom(SETTINGS)
    broken, sound = newsroom.open("broken"), newsroom.open("sound")
    newsroom.play(broken, sound, seconds=6)
    failed = newsroom.publication("broken")
    newsroom.deaf_to = BroadcastWarned
    # Sound stays away while pictures run ahead: a tick finds that out and warns of it.
    pictures = tuple(sample for sample in Video().samples(8.5) if sample.dts >= 6 * 90_000)
    newsroom.send([Arrival(newsroom.now, pictures)], broken, sound)
    with capture_logs() as logs:
        newsroom.wait(2)
    assert [(line["event"], line["channel"]) for line in logs] == [("show failed", "broken")]
    assert failed.state is PublicationState.ENDED
    assert newsroom.publication("sound").state is PublicationState.LIVE
    assert {event.channel for event in newsroom.events if isinstance(event, BroadcastWarned)} == {
        "sound"
    }
    with pytest.raises(OutputEndedError):
        broken.receive([], newsroom.now)
    newsroom.lose(broken, EndReason.SERVER_ERROR)
    newsroom.play(newsroom.open("broken"), seconds=6)
    assert newsroom.publication("broken").epoch != failed.epoch
    assert newsroom.publication("broken").state is PublicationState.LIVE


def test_a_fault_in_media_ends_the_show_and_the_next_publisher_begins_anew() -> None:
    newsroom = Newsroom(SETTINGS)
    sink = newsroom.open()
    newsroom.play(sink, seconds=6)
    failed = newsroom.publication()
    unwritable = video_track(record=b"")
    with pytest.raises(CmafError):
        newsroom.play(sink, seconds=6, tracks=(unwritable,))
    assert failed.state is PublicationState.ENDED
    assert newsroom.told()[-1] == "BroadcastEnded"
    newsroom.lose(sink, EndReason.SERVER_ERROR)
    newsroom.play(newsroom.open(), seconds=6)
    assert newsroom.publication().epoch != failed.epoch


def test_a_show_that_failed_before_anybody_could_watch_leaves_nothing() -> None:
    newsroom = Newsroom(SETTINGS)
    with pytest.raises(CmafError):
        newsroom.play(newsroom.open(), seconds=6, tracks=(video_track(record=b""),))
    newsroom.wait(0.1)
    assert newsroom.publications.get("clock") is None


def test_each_channel_has_its_own_latency() -> None:
    settings = PackagerSettings(profiles={"fast": LatencyProfile.LOW})
    newsroom = Newsroom(settings)
    newsroom.play(newsroom.open("fast"), newsroom.open("usual"), seconds=6)
    fast, usual = (newsroom.publication(channel).cadence for channel in ("fast", "usual"))
    assert fast is not None
    assert usual is not None
    assert fast.part_target_ms < 250 < usual.part_target_ms


async def test_the_timer_ends_an_abandoned_show_and_closing_ends_the_rest() -> None:
    newsroom = Newsroom(PackagerSettings(grace_s=0))
    sinks = {channel: newsroom.open(channel) for channel in ("left", "kept")}
    newsroom.play(*sinks.values(), seconds=6)
    left = newsroom.publication("left")
    newsroom.gateway.start()
    sinks["left"].close(EndReason.CONNECTION_LOST, asyncio.get_running_loop().time())
    viewer = Viewer()
    left.renditions["video"].playlist_room.enter(Position(1000, None), viewer)
    async with asyncio.timeout(60):
        while not viewer.wake_count:  # noqa: ASYNC110 - a viewer is no task
            await asyncio.sleep(0.005)
    assert newsroom.states() == {"left": PublicationState.ENDED, "kept": PublicationState.LIVE}
    newsroom.gateway.close()
    assert newsroom.states() == dict.fromkeys(sinks, PublicationState.ENDED)


async def test_a_sink_is_full_until_the_clock_has_caught_up() -> None:
    newsroom = Newsroom(PackagerSettings(pace=PaceLimits(max_lead_s=5)))
    newsroom.now = asyncio.get_running_loop().time()
    sink = newsroom.open()
    pictures = tuple(Video().samples(5.1))
    sink.receive([TrackStarted(video_track()), *pictures[:-30]], newsroom.now)
    assert not sink.is_full
    sink.receive(pictures[-30:], newsroom.now)
    assert sink.is_full
    await sink.wait_for_room()
    assert not sink.is_full


def test_settings_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match=r"grace_s: expected 0 to 3600, got -1"):
        PackagerSettings(grace_s=-1)
