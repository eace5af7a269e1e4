"""WakeDelay: the time from a sample's last byte sent to the part that it completes, at a viewer.

Nothing in a part says when its samples were sent, but a fragment ends with its last sample, and
so its last bytes are found among those of the messages: what was sent when is in the SentLog.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bench.load.coded_show import VIDEO, CodedShow
from bench.load.hls_viewers import Response
from bench.load.sent_log import Sent

TAIL_BYTES = 16
# A message that was sent longer before cannot be what woke a viewer; the loop is 8 s long.
_LONGEST_S = 4.0


@dataclass(frozen=True, slots=True)
class WakeDelays:
    """Seconds from the last byte sent of the sample that completed a part.

    `available`: to the first playlist with it, of all viewers. `playlist`: to the last byte of
    each blocked playlist that it woke. `part`: to the last byte of each copy of the part.
    """

    available_s: Sequence[float]
    playlist_s: Sequence[float]
    part_s: Sequence[float]


def wake_delays(
    show: CodedShow,
    sent: Iterable[Sent],
    responses: Iterable[Response],
    publisher_of_rendition: Mapping[int, int],
    since_s: float,
) -> WakeDelays:
    """Join what was sent with what came. Renditions that are not named are left out.

    `since_s` leaves out viewers' first seconds, in CLOCK_MONOTONIC.
    """
    index_of_tail = _unique_tails(show)
    times: dict[tuple[int, int], list[float]] = defaultdict(list)
    for each in sent:
        times[each.publisher, each.index].append(each.at_s)

    completed_s: dict[tuple[int, int, int], float] = {}
    playlists: list[Response] = []
    media: list[Response] = []
    for response in responses:
        if response.rendition not in publisher_of_rendition or response.asked_s < since_s:
            continue
        if response.status != 200 or response.part < 0:
            continue
        if not response.is_media:
            playlists.append(response)
            continue
        media.append(response)
        key = (response.rendition, response.msn, response.part)
        if key in completed_s or response.tail not in index_of_tail:
            continue
        publisher = publisher_of_rendition[response.rendition]
        moments_s = times[publisher, index_of_tail[response.tail]]
        place = bisect_right(moments_s, response.first_byte_s) - 1
        if place >= 0 and response.first_byte_s - moments_s[place] < _LONGEST_S:
            completed_s[key] = moments_s[place]

    first_s: dict[tuple[int, int, int], float] = {}
    playlist_s: list[float] = []
    for response in playlists:
        key = (response.rendition, response.msn, response.part)
        at_s = completed_s.get(key)
        if at_s is None or response.asked_s >= at_s:
            continue  # it did not wait
        playlist_s.append(response.last_byte_s - at_s)
        first_s[key] = min(first_s.get(key, response.last_byte_s), response.last_byte_s)
    part_s = [
        response.last_byte_s - completed_s[key]
        for response in media
        if (key := (response.rendition, response.msn, response.part)) in completed_s
    ]
    available_s = [at_s - completed_s[key] for key, at_s in first_s.items()]
    return WakeDelays(available_s, playlist_s, part_s)


def _unique_tails(show: CodedShow) -> dict[bytes, int]:
    """Return the places of messages by their last bytes, as far as those are one message's."""
    tails = [
        (tag.body[-TAIL_BYTES:], index)
        for index, tag in enumerate(show.media)
        if tag.type_id == VIDEO
    ]
    seen = Counter(tail for tail, _ in tails)
    return {tail: index for tail, index in tails if seen[tail] == 1}
