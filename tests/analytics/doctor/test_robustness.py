"""Whatever a publisher sends, in whatever order: nothing is raised, and nothing grows."""

from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.doctor.coding import coding_of
from analytics.doctor.examination import Examination
from analytics.doctor.grade import grade
from analytics.doctor.report import IngestReport
from analytics.doctor.trend import robust_slope
from ingest.events import IngestEvent, MediaMeasured, MediaStretch, PublisherStarted
from ingest.events import PublisherWarned as Warned
from ingest.media import (
    AudioFormat,
    Codec,
    Discontinuity,
    PublisherWarning,
    Track,
    TrackEnded,
    TracksAnnounced,
    TrackStarted,
    VideoFormat,
    WarningCode,
)
from tests.analytics.doctor.made_media import START_MS, wall_ms

_TICKS = st.integers(-(2**40), 2**40)
_NAMES = st.sampled_from(["video", "audio", "audio-1", "else"])
_SAMPLES = st.lists(
    st.tuples(_NAMES, _TICKS, _TICKS, st.booleans(), st.integers(0, 2**24)), max_size=12
)
_RATES = st.sampled_from([1, 8000, 44_100, 48_000, 90_000])


@st.composite
def _tracks(draw: st.DrawFn) -> Track:
    codec = draw(st.sampled_from(Codec))
    record = draw(st.binary(max_size=24))
    rate = draw(_RATES)
    if codec.kind.value == "video":
        form = VideoFormat(
            draw(st.integers(1, 16_384)),
            draw(st.integers(1, 16_384)),
            draw(st.tuples(st.integers(1, 9), st.integers(1, 9))),
            draw(st.none() | st.fractions(1, 1000)),
            draw(st.sampled_from([8, 10, 12])),
        )
        return Track("video", 0, codec, 90_000, record, video=form)
    audio = AudioFormat(rate, draw(st.integers(1, 24)), draw(st.sampled_from([0, 1024, 1536])))
    return Track("audio", 0, codec, rate, record, audio=audio)


_CHANGES = st.lists(
    _tracks().map(TrackStarted)
    | st.just(Discontinuity("because"))
    | _NAMES.map(TrackEnded)
    | st.frozensets(_NAMES, max_size=3).map(TracksAnnounced),
    max_size=3,
).map(tuple)
_STRETCHES = st.lists(st.tuples(st.floats(0, 0.5), _CHANGES, _SAMPLES), max_size=6)
_WARNINGS = st.sampled_from(WarningCode).map(lambda code: PublisherWarning(code, "video: x", 2))


@st.composite
def _events(draw: st.DrawFn) -> list[tuple[float, IngestEvent]]:
    now_s = 1000.0
    events: list[tuple[float, IngestEvent]] = []
    for _ in range(draw(st.integers(0, 12))):
        event: IngestEvent
        match draw(st.sampled_from(["media", "media", "media", "start", "warn"])):
            case "start":
                event = PublisherStarted(draw(st.integers(1, 2)), "studio", "x" * 300, "h")
            case "warn":
                event = Warned(1, "studio", draw(_WARNINGS))
            case _:
                stretches = []
                for pause_s, changes, samples in draw(_STRETCHES):
                    now_s += pause_s
                    stretches.append(MediaStretch(now_s, changes, samples))
                event = MediaMeasured(draw(st.integers(1, 2)), "studio", stretches)
        events.append((now_s, event))
        now_s += draw(st.floats(0, 30))
    return events


@settings(max_examples=150, deadline=None)
@given(_events(), st.sampled_from(["low", "normal", "steady"]))
def test_nothing_that_is_sent_raises_anything(
    events: list[tuple[float, IngestEvent]], profile: str
) -> None:
    examination = Examination(profile, START_MS)
    examination.begin(1, "made", 1000)
    for now_s, event in events:
        examination.note(event, now_s, wall_ms(now_s))
        examination.advance(now_s, wall_ms(now_s))
    now_s = events[-1][0] if events else 1000
    report = examination.report(now_s, wall_ms(now_s))
    assert isinstance(report, IngestReport)
    assert len({each.code for each in report.findings}) == len(report.findings)
    assert grade((*report.findings, *report.past_findings)).letter in "ABCDEF"
    assert all(each.held_ms >= 0 for each in (*report.findings, *report.past_findings))


@given(_tracks())
def test_any_configuration_has_a_coding(track: Track) -> None:
    coding = coding_of(track)
    assert coding.level_limits is None or coding.level is not None


@given(
    st.floats(-1e3, 1e3),
    st.lists(st.floats(-1e6, 1e6), min_size=0, max_size=4),
    st.integers(20, 60),
)
def test_a_slope_is_not_moved_by_a_few_points_far_off(
    slope: float, outliers: list[float], count: int
) -> None:
    points = [(float(place), slope * place) for place in range(count)]
    for place, value in enumerate(outliers):
        points[place * 5] = (place * 5.0, value)
    found = robust_slope(points)
    assert found is not None
    assert abs(found - slope) <= 1e-6 * max(abs(slope), 1)


def test_a_slope_needs_points() -> None:
    assert robust_slope([(float(place), 1.0) for place in range(5)]) is None
    assert robust_slope([(0.0, 1.0)] * 9) is None
