"""Every rule for playlists: a playlist that breaks it is found, and one that obeys is not."""

import re
from collections.abc import Callable

import pytest

from conformance.check import Check
from conformance.finding import Finding, FindingLog, Severity
from conformance.playlist_witness import PlaylistWitness
from tests.conformance.playlists import NEW, OLD, PLAYLIST_HEADERS, URL, answer, live_playlist
from tests.conformance.test_playlist_reader import delta_of

Edit = Callable[[str], str]


def observed(*texts: str, step_s: float = 0.5) -> list[Finding]:
    """What is found in the last of successive answers without directives."""
    witness = PlaylistWitness(URL)
    findings: list[Finding] = []
    for number, text in enumerate(texts):
        findings = witness.observe(answer(text, at_s=100 + number * step_s))
    return findings


def checks(findings: list[Finding]) -> set[Check]:
    return {finding.check for finding in findings}


def replacing(old: str, new: str, count: int = 1) -> Edit:
    def edit(text: str) -> str:
        assert old in text
        return text.replace(old, new, count)

    return edit


def test_right_playlists_break_no_rule() -> None:
    assert observed(OLD) == []
    assert observed(OLD, NEW) == []
    assert observed(OLD, OLD) == []


ONE_PLAYLIST: list[tuple[Check, Edit]] = [
    (Check.ATTRIBUTE_SYNTAX, replacing("RELOAD=YES", "RELOAD=SURE")),
    (Check.VERSION_FITS, replacing("VERSION:9", "VERSION:5")),
    (Check.VERSION_FITS, replacing("VERSION:9", "VERSION:12")),
    (Check.NO_PLAYLIST_TYPE, replacing(":9\n", ":9\n#EXT-X-PLAYLIST-TYPE:EVENT\n")),
    (Check.EXTINF_ROUNDED, replacing("EXTINF:2.00000", "EXTINF:2.50000")),
    (Check.EXTINF_HALF_SECOND, replacing("EXTINF:2.00000", "EXTINF:2.60000")),
    (Check.PART_WITHIN_TARGET, replacing("DURATION=0.50000", "DURATION=0.50001")),
    (
        Check.PART_LONG_ENOUGH,
        replacing('DURATION=0.50000,URI="part-53', 'DURATION=0.42000,URI="part-53'),
    ),
    (Check.PARTS_SUM, replacing('DURATION=0.50000,URI="part-53', 'DURATION=0.49800,URI="part-53')),
    (Check.PART_INF_IFF_PARTS, replacing("#EXT-X-PART-INF:PART-TARGET=0.5\n", "")),
    (Check.PART_INF_IFF_PARTS, lambda text: re.sub("#EXT-X-PART:.*\n", "", text)),
    (Check.PART_HOLD_BACK, replacing("PART-HOLD-BACK=1.5,", "")),
    (Check.PART_HOLD_BACK, replacing("PART-HOLD-BACK=1.5", "PART-HOLD-BACK=0.9")),
    (Check.PART_HOLD_BACK, replacing("PART-HOLD-BACK=1.5", "PART-HOLD-BACK=1.4")),
    (Check.HOLD_BACK, replacing(",HOLD-BACK=6", ",HOLD-BACK=5.9")),
    (Check.CAN_SKIP_UNTIL, replacing("UNTIL=12", "UNTIL=11")),
    (Check.CAN_SKIP_UNTIL, replacing("CAN-SKIP-UNTIL=12", "CAN-SKIP-DATERANGES=YES")),
    (Check.HINT, lambda text: re.sub("#EXT-X-PRELOAD-HINT.*\n", "", text)),
    (Check.HINT, lambda text: text + '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part-99.m4s"\n'),
    (Check.HINT, replacing('TYPE=PART,URI="part-71.m4s"', 'TYPE=PART,URI="part-70.m4s"')),
    (Check.HINT, lambda text: text + "#EXT-X-ENDLIST\n"),
    (Check.PROGRAM_DATE_TIME, lambda text: re.sub("#EXT-X-PROGRAM-DATE.*\n", "", text)),
    (Check.PROGRAM_DATE_TIME, replacing("T10:00:24.000Z", "T10:00:24.060Z")),
    (Check.PROGRAM_DATE_TIME, replacing("T10:00:34.000Z", "T10:00:33.900Z")),
    (Check.MAP_FIRST, replacing('#EXT-X-MAP:URI="init-1.mp4"\n', "")),
    (
        Check.MAP_FIRST,
        replacing('"part-53.m4s"\n', '"part-53.m4s"\n#EXT-X-MAP:URI="init-1.mp4"\n'),
    ),
    (
        Check.DISCONTINUITY,
        replacing("segment-12.m4s\n", 'segment-12.m4s\n#EXT-X-MAP:URI="init-2.mp4"\n'),
    ),
    (Check.DELTA, lambda text: delta_of(text, 2)),
]


@pytest.mark.parametrize(("check", "edit"), ONE_PLAYLIST)
def test_rule_for_one_playlist_is_found_broken(check: Check, edit: Edit) -> None:
    assert check in checks(observed(edit(OLD)))


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param(
            replacing("EXTINF:2.00000,\nsegment-10", "EXTINF:2.00001,\nsegment-10"), id="rounding"
        ),
        pytest.param(
            replacing("#EXT-X-PART:DURATION=0.50000", "#EXT-X-PART:DURATION=0.49950"), id="ms"
        ),
        pytest.param(replacing("VERSION:9", "VERSION:6"), id="version"),
        pytest.param(replacing("T10:00:24.000Z", "T10:00:24.020+00:00"), id="date"),
        pytest.param(
            replacing(
                'DURATION=0.50000,URI="part-53.m4s"',
                'DURATION=0.50000,URI="part-53.m4s",GAP=YES',
            ),
            id="gap",
        ),
        pytest.param(
            replacing(
                "#EXT-X-PROGRAM-DATE-TIME:2026-11-21T10:00:24.000Z",
                "#EXT-X-DISCONTINUITY\n#EXT-X-PROGRAM-DATE-TIME:2026-11-21T10:00:24.000Z",
            ),
            id="discontinuity",
        ),
    ],
)
def test_what_the_rules_allow_is_not_found(edit: Edit) -> None:
    assert observed(edit(OLD)) == []


def test_last_part_of_a_segment_may_be_short() -> None:
    text = OLD.replace('0.50000,URI="part-55', '0.10000,URI="part-55')
    text = text.replace("EXTINF:2.00000,\nsegment-13", "EXTINF:1.60000,\nsegment-13")
    assert checks(observed(text)) == {Check.PROGRAM_DATE_TIME}


NEXT_PLAYLIST: list[tuple[Check, Edit]] = [
    (Check.TARGETS_CONSTANT, replacing("TARGETDURATION:2", "TARGETDURATION:3")),
    (Check.TARGETS_CONSTANT, replacing("PART-TARGET=0.5", "PART-TARGET=0.51")),
    (Check.TARGETS_CONSTANT, replacing("PART-HOLD-BACK=1.5", "PART-HOLD-BACK=1.6")),
    (Check.HINT, replacing("part-71.m4s", "part-71b.m4s")),
    (Check.MSN_RISES, replacing("SEQUENCE:11", "SEQUENCE:9")),
    (Check.MSN_URI, replacing("segment-12.m4s", "segment-12b.m4s")),
    (Check.MSN_URI, replacing("SEQUENCE:11", "SEQUENCE:12")),
    (
        Check.DISCONTINUITY_SEQUENCE,
        replacing("DISCONTINUITY-SEQUENCE:0", "DISCONTINUITY-SEQUENCE:1"),
    ),
    (Check.ALLOWED_EDITS, replacing("EXTINF:2.00000,\nsegment-12", "EXTINF:1.99000,\nsegment-12")),
    (Check.ALLOWED_EDITS, replacing("init-1.mp4", "init-9.mp4")),
    (Check.ALLOWED_EDITS, replacing('"part-70.m4s"', '"part-70b.m4s"')),
    (Check.PARTS_STAY, lambda text: re.sub('#EXT-X-PART:.*"part-6[4567].*\n', "", text)),
]


@pytest.mark.parametrize(("check", "edit"), NEXT_PLAYLIST)
def test_rule_for_successive_playlists_is_found_broken(check: Check, edit: Edit) -> None:
    assert check in checks(observed(OLD, edit(NEW)))


def test_which_part_came_next_is_not_judged_when_it_is_listed_no_more() -> None:
    much_later = observed(OLD, live_playlist(16, 23, 1), step_s=12)
    assert Check.HINT not in checks(much_later)


def test_segments_that_disappear_from_the_end_are_found() -> None:
    assert Check.MSN_RISES in checks(observed(live_playlist(10, 17, 1), live_playlist(10, 16, 3)))


def test_end_that_is_taken_back_is_found() -> None:
    ended = re.sub("#EXT-X-PRELOAD-HINT.*\n", "#EXT-X-ENDLIST\n", OLD)
    assert observed(OLD, ended) == []
    assert Check.ALLOWED_EDITS in checks(observed(ended, OLD))


def test_discontinuity_number_that_falls_is_found() -> None:
    higher = OLD.replace("DISCONTINUITY-SEQUENCE:0", "DISCONTINUITY-SEQUENCE:4")
    assert Check.DISCONTINUITY_SEQUENCE in checks(observed(higher, NEW))


def test_window_below_three_targets_is_an_error_and_below_six_segments_a_warning() -> None:
    short = observed(live_playlist(12, 17, 3), live_playlist(16, 18, 0))
    assert [f.severity for f in short if f.check is Check.WINDOW] == [Severity.ERROR]
    lean = observed(live_playlist(12, 17, 3), live_playlist(13, 18, 0))
    assert [f.severity for f in lean if f.check is Check.WINDOW] == [Severity.WARNING]


def test_new_init_segment_wants_a_hint_of_its_own() -> None:
    second_map = '#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI="init-2.mp4"\n#EXT-X-PROGRAM-DATE'
    before, _, tail = live_playlist(11, 18, 1).rpartition("#EXT-X-PROGRAM-DATE")
    changed = before + second_map + tail
    hinted = NEW + '#EXT-X-PRELOAD-HINT:TYPE=MAP,URI="{}"\n'

    assert observed(hinted.format("init-2.mp4"), changed) == []
    assert checks(observed(NEW, changed)) == {Check.MAP_HINT}
    assert checks(observed(hinted.format("init-3.mp4"), changed)) == {Check.MAP_HINT}


@pytest.mark.parametrize(
    ("check", "step_s"), [(Check.PART_CADENCE, 0.9), (Check.SEGMENT_CADENCE, 3.4)]
)
def test_parts_and_segments_that_come_late_are_found(check: Check, step_s: float) -> None:
    assert check in checks(observed(OLD, NEW, step_s=step_s))
    assert check not in checks(observed(OLD, NEW, step_s=0.75))


def test_pause_before_a_discontinuity_is_nobodys_lateness() -> None:
    text = live_playlist(11, 18, 1)
    before, _, tail = text.rpartition("#EXT-X-PROGRAM-DATE")
    resumed = f"{before}#EXT-X-DISCONTINUITY\n#EXT-X-PROGRAM-DATE{tail}"
    assert observed(NEW, resumed, step_s=30) == []


def blocked(text: str, query: str, held_s: float, previous: str = OLD) -> list[Finding]:
    witness = PlaylistWitness(URL)
    witness.observe(answer(previous, at_s=100))
    return witness.observe(
        answer(
            text,
            url=f"{URL}?{query}",
            at_s=100.4,
            held_s=held_s,
            headers={**PLAYLIST_HEADERS, "cache-control": "max-age=12"},
        )
    )


def test_blocking_answer_must_hold_what_was_asked_for() -> None:
    assert blocked(NEW, "_HLS_msn=17&_HLS_part=3", 0.4) == []
    assert checks(blocked(OLD, "_HLS_msn=17&_HLS_part=3", 0.4)) == {Check.ANSWER_HAS_PART}
    assert checks(blocked(OLD, "_HLS_msn=17&_HLS_part=3", 0.0)) == {Check.BLOCKS}
    assert checks(blocked(OLD, "_HLS_msn=17", 0.4)) == {Check.ANSWER_HAS_PART}
    assert blocked(NEW, "_HLS_msn=17", 0.4) == []


def test_part_past_the_end_of_a_segment_asks_for_the_next_ones_first() -> None:
    assert checks(blocked(NEW, "_HLS_msn=17&_HLS_part=4", 0.4)) == {Check.ANSWER_HAS_PART}
    assert blocked(live_playlist(11, 18, 1), "_HLS_msn=17&_HLS_part=4", 0.4) == []


def test_answer_that_was_held_for_ever_is_found() -> None:
    assert Check.HOLD_ENDS in checks(blocked(NEW, "_HLS_msn=17&_HLS_part=3", 7.5))


def delta_answer(text: str, previous: str) -> list[Finding]:
    return blocked(text, "_HLS_msn=19&_HLS_part=3&_HLS_skip=YES", 0.4, previous)


OLD_LONG = live_playlist(10, 19, 3)
NEW_LONG = live_playlist(11, 20, 0)


def test_delta_update_is_merged_and_found_right() -> None:
    assert delta_answer(delta_of(NEW_LONG, 3), OLD_LONG) == []


@pytest.mark.parametrize(
    ("check", "text", "previous"),
    [
        (Check.DELTA, delta_of(NEW_LONG, 4), OLD_LONG),
        (Check.DELTA, delta_of(NEW_LONG, 3), live_playlist(12, 19, 3)),
        (
            Check.DELTA,
            NEW_LONG.replace("#EXT-X-MAP", "#EXT-X-SKIP:SKIPPED-SEGMENTS=0\n#EXT-X-MAP"),
            OLD_LONG,
        ),
        (
            Check.DELTA,
            delta_of(NEW_LONG, 3).replace(",CAN-SKIP-UNTIL=12", ""),
            OLD_LONG.replace(",CAN-SKIP-UNTIL=12", ""),
        ),
        (
            Check.DELTA_DATE_RANGES,
            delta_of(NEW_LONG, 3).replace(
                "SEGMENTS=3", 'SEGMENTS=3,RECENTLY-REMOVED-DATERANGES="x"'
            ),
            OLD_LONG,
        ),
        (Check.VERSION_FITS, delta_of(NEW_LONG, 3).replace("VERSION:9", "VERSION:8"), OLD_LONG),
    ],
)
def test_wrong_delta_update_is_found(check: Check, text: str, previous: str) -> None:
    assert check in checks(delta_answer(text, previous))


def test_repeated_findings_stay_bounded() -> None:
    log = FindingLog()
    for number in range(500):
        findings = observed(OLD.replace(",HOLD-BACK=6", f",HOLD-BACK=5.{number:03}"))
        log.add("video", findings[0])
    (tally,) = log.tallies()
    assert tally.count == 500
    assert len(tally.findings) == 3
    assert log.count(Severity.ERROR) == 500
    assert log.count(Severity.WARNING) == 0
