"""Reads a SegmentTimeline as ISO/IEC 23009-1, 5.3.9.6 tells players to."""

import xml.etree.ElementTree as ET

from packager.dash import ListedTimes, SegmentTime


def times_of(template: ET.Element) -> tuple[SegmentTime, ...]:
    """Return all segments of a SegmentTemplate, of one SegmentTimeline, or of its text."""
    times: list[SegmentTime] = []
    end = 0
    for segment in template.iter():
        if segment.tag.rpartition("}")[2] != "S":
            continue
        end = int(segment.get("t", end))
        for _ in range(int(segment.get("r", "0")) + 1):
            times.append(SegmentTime(end, int(segment.attrib["d"])))
            end += times[-1].duration_ticks
    return tuple(times)


def listed_times(listed: ListedTimes) -> tuple[SegmentTime, ...]:
    """Return all segments that a Representation lists."""
    text = f"<SegmentTimeline>{listed.elements}</SegmentTimeline>"
    times = times_of(ET.fromstring(text))  # noqa: S314 - our own text
    assert (listed.first, listed.newest) == (times[0], times[-1])
    return times
