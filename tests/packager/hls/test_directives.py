"""Delivery directives: reading them, and deciding as rfc8216bis 6.2.5.2 does."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packager.cadence import Cadence
from packager.hls import (
    DeliveryDirectives,
    Position,
    Reject,
    Respond,
    Timeline,
    Verdict,
    WaitFor,
    decide,
)
from packager.hls.directives import advance_part_limit
from tests.packager.hls.cutter import TimelineCutter
from tests.packager.hls.histories import histories

CADENCE = Cadence(target_duration_s=2, part_target_ms=1000)


@pytest.mark.parametrize(
    ("query", "directives"),
    [
        ("", DeliveryDirectives()),
        ("token=a&_HLS_unknown=1&_hls_msn=x", DeliveryDirectives()),
        ("_HLS_msn=0", DeliveryDirectives(0)),
        ("_HLS_msn=273&_HLS_part=2", DeliveryDirectives(273, 2)),
        ("_HLS_part=2&x&_HLS_msn=00273", DeliveryDirectives(273, 2)),
        ("%5FHLS_msn=%37", DeliveryDirectives(7)),
        ("_HLS_skip=YES", DeliveryDirectives(skip=True)),
        ("_HLS_msn=9&_HLS_skip=v2", DeliveryDirectives(9, skip=True)),
        ("_HLS_skip=v3", DeliveryDirectives()),
        ("_HLS_skip=", DeliveryDirectives()),
        (f"_HLS_msn={2**64 - 1}", DeliveryDirectives(2**64 - 1)),
    ],
)
def test_directives_are_read(query: str, directives: DeliveryDirectives) -> None:
    assert DeliveryDirectives.parse(query) == directives


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("_HLS_part=0", "_HLS_part is given without _HLS_msn"),
        ("_HLS_msn=", "_HLS_msn must be a decimal integer from 0 to 2^64-1"),
        ("_HLS_msn=-1", "_HLS_msn must be a decimal integer from 0 to 2^64-1"),
        ("_HLS_msn=+1", "_HLS_msn must be a decimal integer from 0 to 2^64-1"),
        ("_HLS_msn=1.5", "_HLS_msn must be a decimal integer from 0 to 2^64-1"),
        ("_HLS_msn=1_0", "_HLS_msn must be a decimal integer from 0 to 2^64-1"),
        ("_HLS_msn=%D9%A1", "_HLS_msn must be a decimal integer from 0 to 2^64-1"),
        (f"_HLS_msn={2**64}", "_HLS_msn must be a decimal integer from 0 to 2^64-1"),
        ("_HLS_msn=" + "9" * 5000, "_HLS_msn must be a decimal integer from 0 to 2^64-1"),
        ("_HLS_msn=1&_HLS_part=x", "_HLS_part must be a decimal integer from 0 to 2^64-1"),
        ("_HLS_msn=1&_HLS_msn=1", "_HLS_msn is given twice"),
        ("_HLS_skip=YES&_HLS_skip=v2", "_HLS_skip is given twice"),
        ("&".join("x=1" for _ in range(65)), "the query cannot be read"),
    ],
)
def test_malformed_directives_are_refused_with_a_reason(query: str, text: str) -> None:
    assert DeliveryDirectives.parse(query) == Reject(400, text)


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=80) | st.text("_HLSmnpartki=&%0123456789", max_size=60))
def test_any_query_gives_directives_or_a_refusal(query: str) -> None:
    parsed = DeliveryDirectives.parse(query)
    if isinstance(parsed, DeliveryDirectives):
        assert parsed.part is None or parsed.msn is not None
    else:
        assert parsed.status == 400


def verdict(timeline: Timeline, query: str) -> Verdict:
    return decide(timeline, DeliveryDirectives.parse(query))


@pytest.fixture
def timeline() -> Timeline:
    """Segments 1 to 3 of two parts each, and the first part of segment 4."""
    cutter = TimelineCutter(CADENCE)
    for _ in range(3):
        cutter.segment()
    cutter.open()
    cutter.part()
    return cutter.timeline


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", Respond(skip=False)),
        ("_HLS_skip=YES", Respond(skip=True)),
        ("_HLS_msn=0", Respond(skip=False)),
        ("_HLS_msn=3&_HLS_skip=v2", Respond(skip=True)),
        ("_HLS_msn=4", WaitFor(Position(4, None), skip=False)),
        ("_HLS_msn=6&_HLS_skip=YES", WaitFor(Position(6, None), skip=True)),
        ("_HLS_msn=4&_HLS_part=0", Respond(skip=False)),
        ("_HLS_msn=4&_HLS_part=1", WaitFor(Position(4, 1), skip=False)),
        ("_HLS_msn=5&_HLS_part=0", WaitFor(Position(5, 0), skip=False)),
        ("_HLS_msn=6&_HLS_part=2", WaitFor(Position(6, 2), skip=False)),
        # Part 2 of the complete segment 3 is part 0 of segment 4, which is there.
        ("_HLS_msn=3&_HLS_part=2", Respond(skip=False)),
        ("_HLS_msn=3&_HLS_part=999", Respond(skip=False)),
        ("_HLS_msn=1&_HLS_part=999", Respond(skip=False)),
        ("_HLS_part=1", Reject(400, "_HLS_part is given without _HLS_msn")),
        ("_HLS_msn=7", Reject(400, "_HLS_msn 7 is more than 2 beyond the last segment, 4")),
        (
            "_HLS_msn=4&_HLS_part=4",
            Reject(400, "_HLS_part 4 is more than 3 beyond the last part of segment 4"),
        ),
        (
            "_HLS_msn=6&_HLS_part=3",
            Reject(400, "_HLS_part 3 is more than 3 beyond the last part of segment 6"),
        ),
    ],
)
def test_decisions(timeline: Timeline, query: str, expected: Verdict) -> None:
    assert verdict(timeline, query) == expected


def test_part_index_past_the_end_means_first_part_of_next_segment() -> None:
    cutter = TimelineCutter(CADENCE)
    cutter.segment()
    assert verdict(cutter.timeline, "_HLS_msn=1&_HLS_part=2") == WaitFor(Position(2, 0), skip=False)


def test_the_first_answer_waits_for_a_complete_segment() -> None:
    cutter = TimelineCutter(CADENCE, first_msn=30)
    first = WaitFor(Position(0, None), skip=False)
    assert verdict(cutter.timeline, "") == first
    assert verdict(cutter.timeline, "_HLS_msn=31&_HLS_part=7") == WaitFor(Position(31, 7), False)
    cutter.open()
    cutter.part()
    assert verdict(cutter.timeline, "") == first
    cutter.close()
    assert verdict(cutter.timeline, "") == Respond(skip=False)


@pytest.mark.parametrize("query", ["", "_HLS_msn=99&_HLS_skip=YES", "_HLS_part=1", "_HLS_msn=x"])
def test_an_ended_playlist_ignores_all_directives(timeline: Timeline, query: str) -> None:
    assert verdict(timeline.end(), query) == Respond(skip=False)


@pytest.mark.parametrize(
    ("part_target_ms", "limit"), [(200, 15), (202, 15), (334, 9), (999, 4), (1000, 3), (2000, 3)]
)
def test_advance_part_limit(part_target_ms: int, limit: int) -> None:
    assert advance_part_limit(part_target_ms) == limit


def is_answered(timeline: Timeline, msn: int, part: int | None) -> bool:
    """Say by brute force whether this timeline has what is asked, or something later."""
    if timeline.is_ended:
        return True
    complete = [segment.msn for segment in timeline.listed]
    if part is None:
        return any(other >= msn for other in complete)
    parts = {
        (segment.msn, index)
        for segment in (*timeline.listed, *([timeline.open] if timeline.open else []))
        for index in range(len(segment.parts))
    }
    return (msn, part) in parts or any(other > msn for other, _ in parts)


@settings(deadline=None, max_examples=60)
@given(histories(max_segments=12), st.data())
def test_a_request_is_answered_by_the_first_playlist_that_has_what_it_asks(
    history: list[Timeline], data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(history) - 1))
    last_msn = history[start].last_msn or 1
    msn = data.draw(st.integers(max(0, last_msn - 12), last_msn + 4))
    part = data.draw(st.none() | st.integers(0, 12))
    answer = decide(history[start], DeliveryDirectives(msn, part))
    if isinstance(answer, Reject):
        assert msn > last_msn + 2 or (part is not None and part > 9 - 1)
        return
    answered = next(
        (n for n in range(start, len(history)) if is_answered(history[n], msn, part)), None
    )
    if isinstance(answer, Respond):
        assert answered == start
        return
    reached = next(
        (n for n in range(start, len(history)) if history[n].has_reached(answer.position)), None
    )
    assert reached == answered
    assert answered != start
