"""What is told of a publisher's samples: numbers alone, cut where something changes."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.events import MediaMeasured
from ingest.media import (
    AudioFormat,
    Codec,
    Discontinuity,
    MediaEvent,
    Sample,
    Track,
    TracksAnnounced,
    TrackStarted,
)
from ingest.publisher.media_meter import MediaMeter

_TRACK = Track("audio", 0, Codec.AAC, 48_000, b"\x11\x90", audio=AudioFormat(48_000, 2, 1024))


def _sample(dts: int, size: int = 10) -> Sample:
    return Sample("audio", dts, dts + 1, 1024, True, bytes(size))


def _note(meter: MediaMeter, events: list[MediaEvent], now: float) -> bool:
    return meter.note(events, sum(isinstance(event, Sample) for event in events), now)


def _take(meter: MediaMeter, now: float) -> MediaMeasured:
    measured = meter.take(now)
    assert measured is not None
    return measured


def test_samples_are_told_once_a_second_as_numbers() -> None:
    meter = MediaMeter(7, "studio", 100.0)
    assert not _note(meter, [_sample(0), _sample(1024, 20)], 100.3)
    assert _note(meter, [_sample(2048)], 101.0)
    measured = _take(meter, 101.0)
    assert (measured.publisher_id, measured.channel) == (7, "studio")
    assert [(each.read_at_s, each.samples) for each in measured.stretches] == [
        (100.3, [("audio", 0, 1, True, 10), ("audio", 1024, 1025, True, 20)]),
        (101.0, [("audio", 2048, 2049, True, 10)]),
    ]
    assert meter.take(101.0) is None
    assert not _note(meter, [_sample(3072)], 101.9)


def test_a_change_stands_before_the_samples_that_it_is_about() -> None:
    meter = MediaMeter(1, "studio", 0.0)
    started, broke = TrackStarted(_TRACK), Discontinuity("the clock was set")
    announced = TracksAnnounced(frozenset({"audio"}))
    _note(meter, [announced, started, _sample(5), broke, _sample(9)], 0.5)
    assert [(each.changes, len(each.samples)) for each in _take(meter, 1.0).stretches] == [
        ((announced, started), 1),
        ((broke,), 1),
    ]


def test_a_burst_is_told_before_its_second_is_over() -> None:
    meter = MediaMeter(1, "studio", 0.0)
    assert not _note(meter, [_sample(dts) for dts in range(4095)], 0.1)
    assert _note(meter, [_sample(4095)], 0.1)


def _made(kind: str, dts: int) -> MediaEvent:
    match kind:
        case "sample":
            return _sample(dts)
        case "track":
            return TrackStarted(_TRACK)
        case _:
            return Discontinuity("because")


@given(st.lists(st.lists(st.sampled_from(["sample", "track", "break"]), max_size=6), max_size=8))
def test_no_sample_is_lost_or_told_twice(reads: list[list[str]]) -> None:
    meter = MediaMeter(1, "studio", 0.0)
    told: list[int] = []
    changes = dts = 0
    for place, kinds in enumerate(reads):
        events: list[MediaEvent] = []
        for kind in kinds:
            events.append(_made(kind, dts))
            dts += 1
        if events:
            _note(meter, events, place / 2)
        measured = meter.take(place / 2) if place % 3 == 2 or place == len(reads) - 1 else None
        for stretch in measured.stretches if measured is not None else ():
            told += [each[1] for each in stretch.samples]
            changes += len(stretch.changes)
    expected = [kind for kinds in reads for kind in kinds]
    assert told == [place for place, kind in enumerate(expected) if kind == "sample"]
    assert changes == len(expected) - len(told)
