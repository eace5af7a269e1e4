"""Shows as their channels want them, and shows that are taken off the air."""

from pathlib import Path

from ingest.ports import EndReason
from packager.cadence import LatencyProfile
from packager.live import PublicationState
from packager.show_terms import ShowTerms
from tests.packager.pipeline.newsroom import Newsroom

WRITE_LIMIT_S = 60
TERMS = {
    "quick": ShowTerms(LatencyProfile.LOW, 5),
    "patient": ShowTerms(LatencyProfile.STEADY, 600),
}


def put_away(newsroom: Newsroom) -> None:
    assert newsroom.folder is not None
    for live in newsroom.gateway._channels.values():
        live.put_away()
    newsroom.folder.close(WRITE_LIMIT_S)


def test_each_channel_has_the_profile_and_the_grace_time_that_it_wants() -> None:
    newsroom = Newsroom(terms=TERMS.__getitem__)
    for channel in TERMS:
        sink = newsroom.open(channel)
        newsroom.play(sink, seconds=8)
        newsroom.lose(sink)
    parts_ms = {}
    for channel in TERMS:
        cadence = newsroom.publication(channel).cadence
        assert cadence is not None
        parts_ms[channel] = cadence.part_target_ms
    assert parts_ms["quick"] < 300
    assert parts_ms["patient"] > 900
    newsroom.wait(10)
    assert newsroom.states() == {
        "quick": PublicationState.ENDED,
        "patient": PublicationState.INTERRUPTED,
    }


def test_a_channels_grace_time_holds_over_a_restart(tmp_path: Path) -> None:
    earlier = Newsroom(folder=tmp_path / "live", terms=TERMS.__getitem__)
    for channel in TERMS:
        sink = earlier.open(channel)
        earlier.play(sink, seconds=8)
        earlier.lose(sink, EndReason.SERVER_STOPPING)
    put_away(earlier)
    later = Newsroom(folder=tmp_path / "live", terms=TERMS.__getitem__, now=earlier.now + 100)
    assert later.states() == {
        "quick": PublicationState.ENDED,
        "patient": PublicationState.INTERRUPTED,
    }
    put_away(later)


def test_a_show_taken_off_is_gone_with_all_its_bytes() -> None:
    newsroom = Newsroom()
    sink = newsroom.open()
    newsroom.play(sink, seconds=8)
    epoch = newsroom.publication().epoch
    newsroom.lose(sink, EndReason.CUT)
    assert newsroom.gateway.take_off("clock", newsroom.now)
    assert newsroom.publications.get("clock") is None
    assert newsroom.told() == ["BroadcastStarted", "BroadcastInterrupted", "BroadcastEnded"]
    assert not newsroom.gateway.take_off("clock", newsroom.now)
    newsroom.wait(1)
    newsroom.play(newsroom.open(), seconds=8)
    assert newsroom.publication().epoch != epoch


def test_an_ended_show_is_taken_off_without_being_ended_again() -> None:
    newsroom = Newsroom(terms=TERMS.__getitem__)
    sink = newsroom.open("quick")
    newsroom.play(sink, seconds=8)
    newsroom.lose(sink)
    newsroom.wait(10)
    assert newsroom.told().count("BroadcastEnded") == 1
    assert not newsroom.gateway.take_off("quick", newsroom.now)
    assert newsroom.publications.get("quick") is None
    assert newsroom.told().count("BroadcastEnded") == 1
