"""Renditions against one another: equal control, fresh reports, equal cuts (24, 25, 29, 69, 71)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from conformance.check import Check
from conformance.finding import Finding, error, warning
from conformance.playlist import MediaPlaylist

# A report may be one part behind; our own view of the other rendition may be one part ahead.
REPORT_LAG_PARTS = 2


def check_same_control(
    url: str, playlist: MediaPlaylist, other_url: str, other: MediaPlaylist
) -> Iterator[Finding]:
    """Expect the same promises in two playlists of one presentation (6.2.4)."""
    if playlist.server_control != other.server_control:
        yield error(
            Check.CONTROL_EQUAL,
            url,
            f"expected {playlist.server_control}, got {other.server_control} in {other_url}",
        )
    if playlist.target_duration_s != other.target_duration_s:
        yield error(
            Check.TARGET_EQUAL,
            url,
            f"expected {playlist.target_duration_s}, got {other.target_duration_s} in {other_url}",
        )


def check_rendition_reports(
    url: str, playlist: MediaPlaylist, others: Mapping[str, tuple[int, int]]
) -> Iterator[Finding]:
    """Hold the rendition reports against what the other playlists said last.

    `url` is the playlist's own address; `others` maps the absolute URL of every other media
    playlist to its last position (MSN, part index) as seen before this playlist was asked for.
    """
    if playlist.part_target_us is None or playlist.is_ended:
        return
    reports = {path(urljoin(url, report.uri)): report for report in playlist.rendition_reports}
    for other_url, (msn, part) in others.items():
        report = reports.get(path(other_url))
        if report is None:
            yield error(Check.RENDITION_REPORTS, url, f"expected a report of {other_url}, got none")
            continue
        if report.last_msn is None:
            yield error(
                Check.RENDITION_REPORTS, url, f"report of {other_url}: expected LAST-MSN, got none"
            )
            continue
        last_part = report.last_part if report.last_part is not None else -1
        if report.last_msn < msn - 1 or (
            report.last_msn == msn and last_part < part - REPORT_LAG_PARTS
        ):
            yield warning(
                Check.RENDITION_REPORTS,
                url,
                f"report of {other_url}: expected {msn}.{part} or about, "
                f"got {report.last_msn}.{last_part}",
            )
    own = path(url)
    if own in reports:
        yield warning(
            Check.RENDITION_REPORTS, url, "expected reports of other renditions, got one of itself"
        )


@dataclass(frozen=True, slots=True)
class SegmentSpan:
    """The time that a segment's media covers, on the presentation's common timeline.

    Times in microseconds of decode time (tfdt); `date_us` is its PROGRAM-DATE-TIME. `sample_us`
    is the longest sample: an audio frame, a picture.
    """

    kind: str
    start_us: int
    end_us: int
    sample_us: int
    date_us: int | None


def check_spans(url: str, msn: int, spans: Mapping[str, SegmentSpan]) -> Iterator[Finding]:
    """Compare the media of one MSN in all renditions, which are named by the mapping's keys."""
    names = sorted(spans, key=lambda name: (spans[name].kind != "video", name))
    if len(names) < 2:
        return
    first_name = names[0]
    first = spans[first_name]
    for name in names[1:]:
        span = spans[name]
        if span.kind == first.kind == "video":
            if span.start_us != first.start_us:
                yield error(
                    Check.ALIGNED,
                    url,
                    f"MSN {msn}: expected {name} to start with {first_name}, got "
                    f"{(span.start_us - first.start_us) / 1000:+.1f} ms",
                )
            continue
        tolerance_us = max(first.sample_us, span.sample_us) + 1_000
        start_us, end_us = span.start_us - first.start_us, span.end_us - first.end_us
        if abs(start_us) > tolerance_us or abs(end_us) > tolerance_us:
            yield error(
                Check.SAME_INTERVAL,
                url,
                f"MSN {msn}: expected {name} to cover the time of {first_name} within "
                f"{tolerance_us / 1000:.1f} ms, got {start_us / 1000:+.1f} ms at the start and "
                f"{end_us / 1000:+.1f} ms at the end",
            )
        if first.date_us is not None and span.date_us is not None:
            skew_us = (span.date_us - first.date_us) - start_us
            if abs(skew_us) > tolerance_us:
                yield error(
                    Check.PROGRAM_DATE_TIME,
                    url,
                    f"MSN {msn}: expected the dates of {name} and {first_name} to be as far apart "
                    f"as their media, got {skew_us / 1000:+.1f} ms more",
                )


def path(url: str) -> str:
    """Drop the query and fragment of a URL."""
    return urlsplit(url)._replace(query="", fragment="").geturl()
