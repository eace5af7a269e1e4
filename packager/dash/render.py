"""The MPD as text (ISO/IEC 23009-1, 5.2 to 5.13; DASH-IF low-latency modes for DASH)."""

import re
from datetime import UTC, datetime

from packager.dash.adaptation import adaptation_sets
from packager.dash.manifest import Manifest, Period, Representation
from packager.hls.uri import init_uri

_PROFILES = (
    "urn:mpeg:dash:profile:isoff-live:2011,urn:mpeg:dash:profile:cmaf:2019,"
    "http://www.dashif.org/guidelines/low-latency-live-v5"
)
# The clock that players compare with is ours. It lies beside the MPD, which is found in more than
# one folder.
_UTC_TIMING = '<UTCTiming schemeIdUri="urn:mpeg:dash:utc:http-xsdate:2014" value="time"/>'
# The shortest that dash.js obeys. The segment after the open one is listed as well, so this is how
# soon players hear of a new Period.
_UPDATE_PERIOD_MS = 1000
# Closer to live than this there is no room for the round trips of a request.
_LEAST_LATENCY_MS = 1000
# dash.js keeps the target of the ServiceDescription. Shaka begins this far behind live, and counts
# its latency from there: then it lets itself fall back to half a second less than the target, and
# hurries when it is half a second more.
_SHAKA_START_MS = 650
_LOCATION = re.compile(r"<Location>[^<]*</Location>\n")
_PRODUCER_REFERENCE_ID = 0
_NEWEST_REFERENCE_ID = 1


class ManifestWriter:
    """Writes the MPD of a show whose media lies in the folder `epoch` beside it, again and again.

    Keeps the text of Periods that have not changed, so that a version costs as much as the newest.
    """

    def __init__(self, epoch: str) -> None:
        self._epoch = epoch
        self._written: dict[str, tuple[Period, str]] = {}
        self._were_ended = False

    def write(self, manifest: Manifest) -> str:
        """Write the MPD as `render_manifest` says it."""
        if manifest.is_ended != self._were_ended:
            self._written.clear()
            self._were_ended = manifest.is_ended
        written = {
            period.period_id: (period, self._period(manifest, period))
            for period in manifest.periods
        }
        self._written = written
        lines = ['<?xml version="1.0" encoding="UTF-8"?>', _mpd_tag(manifest)]
        if not manifest.is_ended:
            lines.append(f"<Location>manifest.mpd?{follow_query(self._epoch)}</Location>")
            lines.append(_service_description(manifest.cadence.part_target_ms))
        lines += [text for _, text in written.values()]
        if not manifest.is_ended:
            lines.append(_UTC_TIMING)
        lines.append("</MPD>\n")
        return "\n".join(lines)

    def _period(self, manifest: Manifest, period: Period) -> str:
        before = self._written.get(period.period_id)
        if before is not None and before[0] is period:
            return before[1]
        return "\n".join(_period(manifest, period, self._epoch))


def render_manifest(manifest: Manifest, epoch: str) -> str:
    """Write the MPD of a show whose media lies in the folder `epoch` beside it."""
    return ManifestWriter(epoch).write(manifest)


def follow_query(epoch: str) -> str:
    """Say what a player that follows this show adds to the MPD's address, as Location tells it to.

    Whoever asks so knows the times of the live MPD, and is in the midst of them as the show ends.
    """
    return f"show={epoch}"


def without_location(text: str) -> str:
    """Return a manifest for a player that follows the show: it asks again where it asked now.

    So whatever else stands in that address stays there, and the manifest is the same for all.
    """
    return _LOCATION.sub("", text, count=1)


def _mpd_tag(manifest: Manifest) -> str:
    attributes = [
        'xmlns="urn:mpeg:dash:schema:mpd:2011"',
        f'profiles="{_PROFILES}"',
        f'minBufferTime="{_duration(manifest.cadence.part_target_ms)}"',
        # Without what is guessed of a segment that outgrows its forecast: Shaka keeps the most that
        # it ever read, and stays behind by it.
        f'maxSegmentDuration="{_duration(manifest.longest_ms)}"',
        f'availabilityStartTime="{_moment(manifest.zero_unix_ms)}"',
        f'publishTime="{_moment(manifest.published_unix_ms)}"',
    ]
    if manifest.is_ended:
        last = manifest.periods[-1]
        attributes.append('type="static"')
        attributes.append(
            f'mediaPresentationDuration="{_duration(manifest.start_ms(last) + last.duration_ms)}"'
        )
    else:
        attributes.append('type="dynamic"')
        attributes.append(f'minimumUpdatePeriod="{_duration(_UPDATE_PERIOD_MS)}"')
        attributes.append(f'timeShiftBufferDepth="{_duration(manifest.window_ms)}"')
        # What Shaka takes for the age of the newest media that it can ask for.
        newest_ms = manifest.longest_ms - min(period.early_ms for period in manifest.periods)
        delay_ms = max(_SHAKA_START_MS - newest_ms, 0)
        attributes.append(f'suggestedPresentationDelay="{_duration(delay_ms)}"')
    return f"<MPD {' '.join(attributes)}>"


def latency_target_ms(part_target_ms: int) -> int:
    """Say how far behind live players should be: three parts, as far as HLS players."""
    return max(3 * part_target_ms, _LEAST_LATENCY_MS)


def _service_description(part_target_ms: int) -> str:
    target_ms = latency_target_ms(part_target_ms)
    return (
        '<ServiceDescription id="0">'
        f'<Latency referenceId="{_PRODUCER_REFERENCE_ID}" target="{target_ms}"'
        f' min="{target_ms * 3 // 4}" max="{target_ms * 2}"/>'
        '<PlaybackRate min="0.96" max="1.04"/></ServiceDescription>'
    )


def _period(manifest: Manifest, period: Period, epoch: str) -> list[str]:
    is_ending = manifest.is_ended and period is manifest.periods[-1]
    duration = f' duration="{_duration(period.duration_ms)}"' if is_ending else ""
    # The next show of the channel has a period of the same first segment.
    start = _duration(manifest.start_ms(period))
    lines = [f'<Period id="{epoch}-{period.period_id}" start="{start}"{duration}>']
    for adaptation_set in adaptation_sets(period.representations):
        lines.append(adaptation_set.opening)
        if not manifest.is_ended:
            lines.extend(_producer_references(period, adaptation_set.members[0].representation))
        lines.extend(adaptation_set.descriptors)
        for member in adaptation_set.members:
            lines.append(member.opening)
            lines.extend(member.descriptors)
            early_ms = 0 if manifest.is_ended else period.early_ms
            lines.extend(_segment_template(member.representation, early_ms, epoch))
            lines.append("</Representation>")
        lines.append("</AdaptationSet>")
    lines.append("</Period>")
    return lines


def _producer_references(period: Period, representation: Representation) -> list[str]:
    """Say of which kind the `prft` boxes in the segments are, with the first and the newest.

    Two, since Shaka takes the presentationTime of a single one for a time of the MPD, and then
    tells its viewers a date that is off by where the publisher's clock began.
    """
    offset_ticks = representation.presentation_offset_ticks
    moments = (
        (_PRODUCER_REFERENCE_ID, offset_ticks),
        (_NEWEST_REFERENCE_ID, representation.times.newest.start_ticks),
    )
    lines = []
    for reference_id, ticks in moments:
        since_start_ms = (ticks - offset_ticks) * 1000 // representation.track.timescale
        lines.append(
            f'<ProducerReferenceTime id="{reference_id}" inband="true" type="application"'
            f' wallClockTime="{_moment(period.start_unix_ms + since_start_ms)}"'
            f' presentationTime="{ticks}">{_UTC_TIMING}</ProducerReferenceTime>'
        )
    return lines


def _segment_template(representation: Representation, early_ms: int, epoch: str) -> list[str]:
    folder = f"{epoch}/{representation.name}"
    early = (
        f' availabilityTimeOffset="{_seconds(early_ms)}" availabilityTimeComplete="false"'
        if early_ms
        else ""
    )
    opening = (
        f'<SegmentTemplate timescale="{representation.track.timescale}"'
        f' presentationTimeOffset="{representation.presentation_offset_ticks}"{early}'
        f' startNumber="{representation.start_number}"'
        f' initialization="{folder}/{init_uri(representation.init_number)}"'
        f' media="{folder}/segment-$Number$.m4s">'
    )
    return [
        opening,
        "<SegmentTimeline>",
        representation.times.elements,
        "</SegmentTimeline>",
        "</SegmentTemplate>",
    ]


def _seconds(duration_ms: int) -> str:
    return f"{duration_ms // 1000}.{duration_ms % 1000:03d}"


def _duration(duration_ms: int) -> str:
    return f"PT{_seconds(duration_ms)}S"


def _moment(unix_ms: int) -> str:
    moment = datetime.fromtimestamp(unix_ms // 1000, tz=UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{unix_ms % 1000:03d}Z"
