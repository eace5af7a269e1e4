"""The harnesses themselves: they read what they write, and they do see what is wrong."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fuzz.allowance import TooExpensiveError, run_within_allowance
from fuzz.entry_reader import EntryReader
from fuzz.harness.flv_messages import read_messages, write_messages
from fuzz.harness.media_promises import MediaPromises
from fuzz.harness.pipeline import Newsroom
from fuzz.harness.plain_track import plain_track
from fuzz.harness.published_rules import PublishedRules
from ingest.media import Sample, TrackStarted
from ingest.rtmp import MediaMessage, MediaMessageKind
from packager.segmenter.change import PartCut

MESSAGES = st.builds(
    MediaMessage,
    st.sampled_from(MediaMessageKind),
    st.integers(0, 2**32 - 1) | st.integers(0, 2000),
    st.binary(max_size=30),
)
SHOW = bytes.fromhex("0100 003c 003c 003c 003c")


@settings(deadline=None)
@given(st.lists(MESSAGES, max_size=10))
def test_messages_are_read_as_they_were_written(messages: list[MediaMessage]) -> None:
    read = read_messages(EntryReader(write_messages(messages)))
    assert [each.message for each in read] == messages


def test_an_entry_reader_gives_zeros_after_the_end() -> None:
    reader = EntryReader(b"\x01\x02")
    assert reader.integer(2) == 0x0102
    assert reader.is_at_end
    assert reader.integer(4) == 0
    assert reader.pick("abc") == "a"
    assert reader.sized() == b""


def test_an_entry_that_takes_too_much_memory_is_a_finding() -> None:
    def waste(entry: bytes) -> None:
        bytearray(len(entry) * 2**28)[:: 2**12] = b"x" * (len(entry) * 2**16)

    with pytest.raises(TooExpensiveError, match="bytes"):
        run_within_allowance(waste, b"x")


def test_a_decode_time_that_does_not_rise_is_a_finding() -> None:
    sample = Sample("video", 0, 0, 0, is_sync=True, payload=b"x")
    with pytest.raises(AssertionError, match="rise strictly"):
        MediaPromises().check([TrackStarted(plain_track()), sample, sample])


def played() -> Newsroom:
    reader = EntryReader(SHOW)
    newsroom = Newsroom.open(reader)
    while not reader.is_at_end:
        newsroom.move(reader)
    return newsroom


def test_an_ordinary_script_gives_both_renditions_several_segments() -> None:
    publication = played().publication
    assert sorted(publication.renditions) == ["audio", "video"]
    for rendition in publication.renditions.values():
        assert len(rendition.timeline.listed) >= 3
    assert publication.discontinuity_count == 0


def test_a_part_that_is_too_long_is_a_finding() -> None:
    newsroom = played()
    rules = PublishedRules(newsroom.publication)
    rules.check()
    timeline = newsroom.publication.renditions["video"].timeline
    assert timeline.open is not None
    newsroom.publication.apply(
        PartCut(
            rendition="video",
            msn=timeline.open.msn,
            index=len(timeline.open.parts),
            number=timeline.next_part_number,
            decode_time_ticks=0,
            duration_ticks=90_000,
            is_independent=False,
            is_gap=True,
            samples=(),
        )
    )
    with pytest.raises(AssertionError, match="PART-TARGET"):
        rules.check()
