"""Every rule for media: what breaks it is found, and what obeys is not."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from conformance.check import Check
from conformance.checks.media import (
    MediaPosition,
    check_drift,
    check_fragments,
    check_init,
    check_part,
    check_segment,
    position_after,
)
from conformance.finding import Finding
from conformance.media_witness import SEGMENTS_KEPT, ListedPart, MediaWitness
from conformance.mp4 import Fragment, InitSegment, InitTrack, read_fragments, read_init_segment
from conformance.playlist import (
    Map,
    Part,
    Segment,
)
from tests.conformance.live_media import ShowPart, show
from tests.conformance.playlists import (
    MEDIA_HEADERS,
    URL,
    answer,
)


def checks(findings: object) -> set[Check]:
    assert hasattr(findings, "__iter__")
    return {finding.check for finding in findings}


@pytest.fixture(scope="module")
def init() -> InitSegment:
    return read_init_segment(show()["video"].init)


@pytest.fixture(scope="module")
def track(init: InitSegment) -> InitTrack:
    return init.tracks[0]


@pytest.fixture(scope="module")
def fragments(init: InitSegment) -> tuple[Fragment, ...]:
    return read_fragments(show()["video"].parts[5].body, init)


def test_init_segment_of_the_show_breaks_no_rule(init: InitSegment) -> None:
    assert list(check_init(URL, init)) == []


@pytest.mark.parametrize(
    "fault",
    [
        lambda init: replace(init, major_brand="iso4", brands=("mp41",)),
        lambda init: replace(init, has_movie_extends=False),
        lambda init: replace(init, box_types=("ftyp", "moov", "mdat")),
        lambda init: replace(init, movie_duration=1000),
        lambda init: replace(init, tracks=init.tracks * 2),
        lambda init: replace(init, tracks=(replace(init.tracks[0], defaults=None),)),
        lambda init: replace(init, tracks=(replace(init.tracks[0], table_entries=3),)),
        lambda init: replace(init, tracks=(replace(init.tracks[0], mdhd_duration=3),)),
        lambda init: replace(init, tracks=(replace(init.tracks[0], has_edit_list=True),)),
        lambda init: replace(
            init,
            tracks=(replace(init.tracks[0], entry=replace(init.tracks[0].entry, format="hev1")),),
        ),
    ],
)
def test_unfit_init_segment_is_found(
    init: InitSegment, fault: Callable[[InitSegment], InitSegment]
) -> None:
    assert checks(check_init(URL, fault(init))) == {Check.INIT_SHAPE}


def test_fragments_of_the_show_break_no_rule(
    fragments: tuple[Fragment, ...], track: InitTrack
) -> None:
    before = MediaPosition(90_000, fragments[0].sequence_number - 1)
    assert list(check_fragments(URL, fragments, track, before)) == []
    assert list(check_fragments(URL, fragments, track, None)) == []
    after = position_after(fragments)
    assert after == MediaPosition(108_000, fragments[-1].sequence_number)


def with_traf(fragment: Fragment, **changes: object) -> Fragment:
    return replace(fragment, tracks=(replace(fragment.tracks[0], **changes),))  # type: ignore[arg-type]  # the tests below name real fields


@pytest.mark.parametrize(
    ("check", "fault"),
    [
        (Check.DECODE_TIME, lambda f: with_traf(f, decode_time=90_001)),
        (Check.DECODE_TIME, lambda f: with_traf(f, decode_time=None)),
        (Check.DECODE_TIME, lambda f: with_traf(f, decode_time_version=0)),
        (Check.SEQUENCE_NUMBER, lambda f: replace(f, sequence_number=1)),
        (Check.FRAGMENT_SHAPE, lambda f: with_traf(f, track_id=9)),
        (Check.FRAGMENT_SHAPE, lambda f: with_traf(f, flags=0x000038)),
        (Check.FRAGMENT_SHAPE, lambda f: with_traf(f, flags=0x020001)),
        (Check.FRAGMENT_SHAPE, lambda f: with_traf(f, samples=())),
        (Check.FRAGMENT_SHAPE, lambda f: replace(f, data_end=f.data_end + 1)),
        (Check.FRAGMENT_SHAPE, lambda f: replace(f, tracks=f.tracks * 2)),
        (
            Check.FRAGMENT_SHAPE,
            lambda f: with_traf(f, samples=(f.tracks[0].samples[0]._replace(duration=0),)),
        ),
    ],
)
def test_wrong_fragment_is_found(
    fragments: tuple[Fragment, ...],
    track: InitTrack,
    check: Check,
    fault: Callable[[Fragment], Fragment],
) -> None:
    before = MediaPosition(90_000, 10)
    assert check in checks(check_fragments(URL, (fault(fragments[0]),), track, before))


def test_part_tag_must_say_what_its_samples_are(
    fragments: tuple[Fragment, ...], track: InitTrack
) -> None:
    part = Part("part-6.m4s", 200_000, is_independent=True)

    def found(
        part: Part, media: tuple[Fragment, ...] = fragments, *, starts_segment: bool = True
    ) -> set[Check]:
        return checks(check_part(URL, part, media, track, starts_segment=starts_segment))

    assert found(part) == set()
    assert found(replace(part, duration_us=200_900)) == set()
    assert found(replace(part, duration_us=201_100)) == {Check.PART_IS_SAMPLES}
    assert found(replace(part, is_independent=False)) == {Check.SYNC}
    later = fragments[1:]
    short = replace(part, duration_us=166_667)
    assert found(short, later) == {Check.SYNC}
    assert found(replace(short, is_independent=False), later, starts_segment=False) == set()
    assert found(replace(short, is_independent=False), later) == {Check.SYNC}
    rotated = (*later, fragments[0])
    assert found(part, rotated, starts_segment=False) == {Check.SYNC}


def test_sound_needs_no_independent_flag() -> None:
    audio = show()["audio"]
    track = read_init_segment(audio.init).tracks[0]
    first = audio.parts[0]
    media = read_fragments(first.body)
    part = Part("a", first.duration_us)
    assert list(check_part(URL, part, media, track, starts_segment=True)) == []


def test_extinf_must_be_the_samples_duration(
    fragments: tuple[Fragment, ...], track: InitTrack
) -> None:
    assert list(check_segment(URL, 200_000, fragments, track)) == []
    assert checks(check_segment(URL, 198_000, fragments, track)) == {Check.EXTINF_IS_SAMPLES}


def test_extinfs_may_not_drift_from_the_media() -> None:
    assert list(check_drift(URL, 10_033_000, 10_000_000, 33_334, 5)) == []
    assert checks(check_drift(URL, 10_034_000, 10_000_000, 33_334, 5)) == {Check.EXTINF_SUM}


def witness_part(
    witness: MediaWitness,
    number: int,
    *,
    body: bytes | None = None,
    duration_us: int = 200_000,
    is_discontinuous: bool = False,
) -> list[Finding]:
    shown: ShowPart = show()["video"].parts[number]
    listed = ListedPart(
        shown.msn,
        shown.index,
        Part(f"part-{shown.number}.m4s", duration_us, shown.is_independent),
        "init.mp4",
        is_discontinuous,
        has_independent_segments=True,
    )
    exchange = answer(shown.body if body is None else body, headers=MEDIA_HEADERS)
    return witness.observe_part(listed, exchange, 1)


def watching() -> MediaWitness:
    witness = MediaWitness()
    init = answer(show()["video"].init, headers=MEDIA_HEADERS)
    assert witness.observe_init("init.mp4", init, 1) == []
    assert witness.knows_map("init.mp4")
    return witness


def closed_segment(msn: int, extinf_us: int = 1_000_000) -> Segment:
    parts = tuple(
        Part(f"part-{part.number}.m4s", 200_000, part.is_independent)
        for part in show()["video"].segment(msn)
    )
    return Segment(msn, f"segment-{msn}.m4s", extinf_us, 0, parts, Map("init.mp4"))


def segment_body(msn: int) -> bytes:
    return b"".join(part.body for part in show()["video"].segment(msn))


def test_parts_in_order_and_their_segment_break_no_rule() -> None:
    witness = watching()
    for msn in (1, 2, 3):
        for index in range(5):
            assert witness_part(witness, (msn - 1) * 5 + index) == []
        whole = answer(segment_body(msn), headers=MEDIA_HEADERS)
        assert witness.observe_segment(closed_segment(msn), whole, 1) == []
        assert witness.observe_closed(URL, closed_segment(msn)) == []
    assert witness.frame_rate == Fraction(30)
    assert set(witness.spans) == {1, 2, 3}
    assert witness.spans[2].start_us == 1_000_000
    assert witness.weights[2].size_bytes == len(segment_body(2))


def test_a_show_of_days_is_watched_in_bounded_memory() -> None:
    witness = watching()
    init = answer(show()["video"].init, headers=MEDIA_HEADERS)
    whole = answer(segment_body(1), headers=MEDIA_HEADERS)
    for msn in range(1, 101):
        witness.observe_init(f"init-{msn}.mp4", init, 1)
        plain = Segment(msn, f"segment-{msn}.m4s", 1_000_000, 0, (), Map(f"init-{msn}.mp4"))
        witness.observe_segment(plain, whole, 1)
    assert len(witness._sums) <= SEGMENTS_KEPT
    assert len(witness._inits) < 100


def test_segment_with_other_bytes_than_its_parts_is_found() -> None:
    witness = watching()
    for index in range(5):
        witness_part(witness, index)
    body = bytearray(segment_body(1))
    body[-1] ^= 1
    found = witness.observe_segment(
        closed_segment(1), answer(bytes(body), headers=MEDIA_HEADERS), 1
    )
    assert checks(found) == {Check.PARTS_ARE_SEGMENT}


def test_media_that_jumps_is_found_unless_something_is_missing_or_discontinuous() -> None:
    witness = watching()
    for number in range(5):
        witness_part(witness, number)
    ahead = show()["video"].parts[10].body
    assert checks(witness_part(witness, 5, body=ahead)) == {Check.DECODE_TIME}

    for is_discontinuous in (True, False):
        witness = watching()
        for number in range(5):
            witness_part(witness, number)
        if not is_discontinuous:
            witness.skip(
                ListedPart(
                    1, 4, Part("x", 1), None, is_discontinuous=False, has_independent_segments=True
                )
            )
        found = witness_part(witness, 5, body=ahead, is_discontinuous=is_discontinuous)
        assert found == []


def test_drift_of_extinf_over_many_segments_is_found() -> None:
    witness = watching()
    found: set[Check] = set()
    for msn in range(1, 19):
        for index in range(5):
            witness_part(witness, (msn - 1) * 5 + index)
        found |= checks(witness.observe_closed(URL, closed_segment(msn, 1_002_000)))
    assert found == {Check.EXTINF_SUM}


def test_unreadable_media_is_found_and_skipped() -> None:
    witness = MediaWitness()
    broken = answer(b"\0\0\0\x10ftyp", headers=MEDIA_HEADERS)
    assert checks(witness.observe_init("init.mp4", broken, 1)) == {Check.INIT_SHAPE}
    assert witness_part(witness, 0) == []
    witness = watching()
    assert checks(witness_part(witness, 0, body=b"junk")) == {Check.FRAGMENT_SHAPE}
    assert witness_part(witness, 1) == []
