"""A reader of media playlists, small and independent of what writes them."""

import re
from dataclasses import dataclass, field, replace


@dataclass
class ReadPart:
    uri: str
    duration_us: int
    attributes: str


@dataclass
class ReadSegment:
    msn: int
    discontinuity_sequence: int
    map_uri: str | None
    date_time: str | None
    parts: list[ReadPart] = field(default_factory=list)
    is_gap: bool = False
    duration_us: int = 0
    uri: str | None = None  # None while it is open


@dataclass
class ReadPlaylist:
    version: int = 1
    target_duration_s: int = 0
    part_target_us: int = 0
    server_control: str = ""
    media_sequence: int = 0
    discontinuity_sequence: int = 0
    skipped: int = 0
    segments: list[ReadSegment] = field(default_factory=list)
    hints: dict[str, str] = field(default_factory=dict)
    reports: dict[str, tuple[int, int]] = field(default_factory=dict)
    is_ended: bool = False

    @property
    def complete(self) -> list[ReadSegment]:
        return [segment for segment in self.segments if segment.uri is not None]

    @property
    def duration_us(self) -> int:
        """What all segments last, the parts of the open one included."""
        return sum(
            segment.duration_us if segment.uri else sum(part.duration_us for part in segment.parts)
            for segment in self.segments
        )


def microseconds(text: str) -> int:
    whole, _, fraction = text.partition(".")
    return int(whole) * 1_000_000 + int(fraction.ljust(6, "0"))


def attribute(attributes: str, name: str) -> str:
    found = re.search(rf'(?:^|,){name}=(?:"([^"]*)"|([^,]*))', attributes)
    assert found is not None, (name, attributes)
    return found[1] or found[2]


def read_playlist(text: str) -> ReadPlaylist:
    lines = text.split("\n")
    assert lines[0] == "#EXTM3U"
    assert lines[-1] == ""
    assert "" not in lines[:-1]
    playlist = ReadPlaylist()
    once: set[str] = set()
    segment: ReadSegment | None = None
    msn = cc = 0
    map_uri: str | None = None

    def open_segment() -> ReadSegment:
        nonlocal segment
        if segment is None:
            segment = ReadSegment(msn, cc, map_uri, None)
        return segment

    for line in lines[1:-1]:
        tag, _, value = line.partition(":")
        if tag in {
            "#EXT-X-VERSION",
            "#EXT-X-TARGETDURATION",
            "#EXT-X-SERVER-CONTROL",
            "#EXT-X-PART-INF",
            "#EXT-X-MEDIA-SEQUENCE",
            "#EXT-X-DISCONTINUITY-SEQUENCE",
            "#EXT-X-SKIP",
            "#EXT-X-ENDLIST",
        }:
            assert tag not in once
            once.add(tag)
        match tag:
            case "#EXT-X-VERSION":
                playlist.version = int(value)
            case "#EXT-X-TARGETDURATION":
                playlist.target_duration_s = int(value)
            case "#EXT-X-SERVER-CONTROL":
                playlist.server_control = value
            case "#EXT-X-PART-INF":
                playlist.part_target_us = microseconds(attribute(value, "PART-TARGET"))
            case "#EXT-X-MEDIA-SEQUENCE":
                assert not playlist.segments
                playlist.media_sequence = msn = int(value)
            case "#EXT-X-DISCONTINUITY-SEQUENCE":
                assert not playlist.segments
                playlist.discontinuity_sequence = cc = int(value)
            case "#EXT-X-SKIP":
                assert not playlist.segments
                playlist.skipped = int(attribute(value, "SKIPPED-SEGMENTS"))
                msn += playlist.skipped
            case "#EXT-X-DISCONTINUITY":
                assert segment is None
                cc += 1
            case "#EXT-X-MAP":
                assert segment is None
                map_uri = attribute(value, "URI")
            case "#EXT-X-PROGRAM-DATE-TIME":
                assert segment is None
                open_segment().date_time = value
            case "#EXT-X-PART":
                open_segment().parts.append(
                    ReadPart(
                        attribute(value, "URI"), microseconds(attribute(value, "DURATION")), value
                    )
                )
            case "#EXT-X-GAP":
                open_segment().is_gap = True
            case "#EXTINF":
                assert value.endswith(",")
                open_segment().duration_us = microseconds(value[:-1])
            case "#EXT-X-PRELOAD-HINT":
                kind = attribute(value, "TYPE")
                assert kind not in playlist.hints
                playlist.hints[kind] = attribute(value, "URI")
            case "#EXT-X-RENDITION-REPORT":
                playlist.reports[attribute(value, "URI")] = (
                    int(attribute(value, "LAST-MSN")),
                    int(attribute(value, "LAST-PART")),
                )
            case "#EXT-X-ENDLIST":
                playlist.is_ended = True
            case "#EXT-X-INDEPENDENT-SEGMENTS":
                pass
            case _:
                assert not line.startswith("#"), line
                finished = open_segment()
                finished.uri = line
                playlist.segments.append(finished)
                segment = None
                msn += 1
    if segment is not None:
        playlist.segments.append(segment)
    return playlist


def merge_delta(previous: ReadPlaylist, delta: ReadPlaylist) -> ReadPlaylist:
    """Do what a player does with a delta update (rfc8216bis 6.3.7)."""
    if not delta.skipped:
        return delta
    known = {segment.msn: segment for segment in previous.complete}
    skipped = [
        # Parts may leave the playlist at any time; the player drops those of old segments.
        replace(known[delta.media_sequence + offset], parts=[])
        for offset in range(delta.skipped)
    ]
    # The counts of discontinuities that a delta leaves out are those that the player knows.
    cc = skipped[-1].discontinuity_sequence - delta.discontinuity_sequence
    later = [
        replace(segment, discontinuity_sequence=segment.discontinuity_sequence + cc)
        for segment in delta.segments
    ]
    return replace(delta, version=6, skipped=0, segments=[*skipped, *later])
