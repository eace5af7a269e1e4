"""Reader: an MPD's document turned into what it says; inherited values are filled in."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar
from urllib.parse import urljoin

from conformance.errors import MpdSyntaxError
from conformance.mpd.lexical import read_date_time_us, read_duration_us, read_offset_us
from conformance.mpd.node import Node
from conformance.mpd.presentation import (
    Latency,
    Mpd,
    MpdSegment,
    Period,
    PlaybackRate,
    ReferenceTime,
    Representation,
    SegmentTemplate,
    ServiceDescription,
    UtcTiming,
)

_T = TypeVar("_T")

MAX_SEGMENTS = 50_000  # of one timeline: a day of two-second segments


def read_mpd(url: str, root: Node) -> Mpd:
    """Read a document that has no schema faults; `url` is the address that it came from.

    Raises MpdSyntaxError where a value has no meaning all the same.
    """
    attributes = root.attributes
    is_dynamic = attributes.get("type") == "dynamic"
    base_url = _base_url(url, root)
    start_us = read_date_time_us(attributes.get("availabilityStartTime", "1970-01-01T00:00:00Z"))
    periods: list[Period] = []
    for node in root.all("Period"):
        periods.append(_period(node, base_url, periods[-1] if periods else None))
    descriptions = [*root.all("ServiceDescription")]
    descriptions += [each for node in root.all("Period") for each in node.all("ServiceDescription")]
    location = root.first("Location")
    return Mpd(
        location=url if location is None else urljoin(url, location.text),
        is_dynamic=is_dynamic,
        profiles=tuple(attributes.get("profiles", "").split(",")),
        availability_start_us=start_us,
        publish_us=_maybe(read_date_time_us, attributes.get("publishTime")),
        minimum_update_us=_maybe(read_duration_us, attributes.get("minimumUpdatePeriod")),
        min_buffer_us=read_duration_us(attributes.get("minBufferTime", "PT0S")),
        time_shift_us=_maybe(read_duration_us, attributes.get("timeShiftBufferDepth")),
        suggested_delay_us=_maybe(read_duration_us, attributes.get("suggestedPresentationDelay")),
        periods=tuple(periods),
        service_descriptions=tuple(_service_description(each) for each in descriptions),
        utc_timings=tuple(
            UtcTiming(each.attributes["schemeIdUri"], each.attributes.get("value", ""))
            for each in root.all("UTCTiming")
        ),
    )


def _period(node: Node, base_url: str, before: Period | None) -> Period:
    start = node.attributes.get("start")
    if start is None and before is not None:
        raise MpdSyntaxError(f"{node.path}: expected the attribute start, got none")
    base_url = _base_url(base_url, node)
    return Period(
        node.attributes.get("id", ""),
        read_duration_us(start) if start is not None else 0,
        tuple(
            _representation([node, adaptation_set, representation], base_url)
            for adaptation_set in node.all("AdaptationSet")
            for representation in adaptation_set.all("Representation")
        ),
    )


def _representation(levels: Sequence[Node], base_url: str) -> Representation:
    """Read a Representation; `levels` are its Period, its AdaptationSet and itself."""
    _, adaptation_set, node = levels
    attributes = {**adaptation_set.attributes, **node.attributes}
    mime_type = attributes.get("mimeType", "")
    content_type = attributes.get("contentType") or mime_type.partition("/")[0]
    rates = attributes.get("audioSamplingRate", "").split()
    frame_rate = attributes.get("frameRate")
    for level in (adaptation_set, node):
        base_url = _base_url(base_url, level)
    reference_nodes = [
        each for level in (adaptation_set, node) for each in level.all("ProducerReferenceTime")
    ]
    return Representation(
        id=attributes["id"] if "id" in node.attributes else "",
        path=node.path,
        content_type=content_type,
        mime_type=mime_type,
        codecs=tuple(each.strip() for each in attributes.get("codecs", "").split(",") if each),
        bandwidth_bps=int(attributes.get("bandwidth", "0")),
        width_px=_maybe(int, attributes.get("width")),
        height_px=_maybe(int, attributes.get("height")),
        frame_rate=Fraction(frame_rate) if frame_rate else None,
        sampling_rate_hz=int(rates[-1]) if rates else None,
        start_with_sap=_maybe(int, attributes.get("startWithSAP")),
        base_url=base_url,
        template=_template(levels),
        reference_times=tuple(map(_reference_time, reference_nodes)),
    )


def _template(levels: Sequence[Node]) -> SegmentTemplate:
    templates = [
        template for level in levels if (template := level.first("SegmentTemplate")) is not None
    ]
    if not templates:
        raise MpdSyntaxError(
            f"{levels[-1].path}: expected a SegmentTemplate, as a live show has, got none"
        )
    attributes: dict[str, str] = {}
    timeline: Node | None = None
    for template in templates:
        attributes |= template.attributes
        timeline = template.first("SegmentTimeline") or timeline
    offsets = (
        [attributes["availabilityTimeOffset"]] if "availabilityTimeOffset" in attributes else []
    )
    offsets += [
        base.attributes["availabilityTimeOffset"]
        for level in levels
        if (base := level.first("BaseURL")) is not None
        and "availabilityTimeOffset" in base.attributes
    ]
    read = [read_offset_us(each) for each in offsets]
    start_number = int(attributes.get("startNumber", "1"))
    complete = attributes.get("availabilityTimeComplete")
    timescale = int(attributes.get("timescale", "1"))
    if timescale == 0:
        raise MpdSyntaxError(f"{templates[-1].path}: expected a timescale above 0, got 0")
    return SegmentTemplate(
        timescale=timescale,
        start_number=start_number,
        presentation_time_offset=int(attributes.get("presentationTimeOffset", "0")),
        media=attributes.get("media", ""),
        initialization=attributes.get("initialization", ""),
        duration=_maybe(int, attributes.get("duration")),
        segments=tuple(_segments(timeline, start_number)) if timeline is not None else (),
        has_offset=bool(offsets),
        offset_us=None if None in read else sum(each for each in read if each is not None),
        is_time_complete=None if complete is None else complete in {"true", "1"},
    )


def _segments(timeline: Node, start_number: int) -> list[MpdSegment]:
    segments: list[MpdSegment] = []
    entries = list(timeline.all("S"))
    number, time = start_number, 0
    for place, entry in enumerate(entries):
        values = entry.attributes
        time = int(values.get("t", time))
        number = int(values.get("n", number))
        duration, repeats = int(values["d"]), int(values.get("r", "0"))
        if repeats < 0:
            # It repeats up to the next entry; after the last one, for as long as the show lasts:
            # that one is listed once.
            following = entries[place + 1].attributes.get("t") if place + 1 < len(entries) else None
            repeats = (int(following) - time) // duration - 1 if following and duration else 0
        if len(segments) + repeats + 1 > MAX_SEGMENTS:
            raise MpdSyntaxError(f"{entry.path}: expected at most {MAX_SEGMENTS} segments")
        for _ in range(repeats + 1):
            segments.append(MpdSegment(number, time, duration))
            number, time = number + 1, time + duration
    return segments


def _service_description(node: Node) -> ServiceDescription:
    return ServiceDescription(
        tuple(
            Latency(
                _maybe(int, each.attributes.get("target")),
                _maybe(int, each.attributes.get("min")),
                _maybe(int, each.attributes.get("max")),
                _maybe(int, each.attributes.get("referenceId")),
            )
            for each in node.all("Latency")
        ),
        tuple(
            PlaybackRate(
                _maybe(Decimal, each.attributes.get("min")),
                _maybe(Decimal, each.attributes.get("max")),
            )
            for each in node.all("PlaybackRate")
        ),
    )


def _reference_time(node: Node) -> ReferenceTime:
    wall_clock = node.attributes["wallClockTime"]
    try:
        wall_clock_us = read_date_time_us(wall_clock)
    except MpdSyntaxError:
        wall_clock_us = None  # other forms are allowed for other schemes of time
    return ReferenceTime(
        int(node.attributes["id"]),
        node.attributes.get("inband", "false") in {"true", "1"},
        node.attributes.get("type", "encoder"),
        wall_clock_us,
        int(node.attributes["presentationTime"]),
    )


def _base_url(url: str, node: Node) -> str:
    base = node.first("BaseURL")
    return urljoin(url, base.text) if base is not None else url


def _maybe(read: Callable[[str], _T], text: str | None) -> _T | None:
    return None if text is None else read(text)
