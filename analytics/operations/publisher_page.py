"""Pages of publishers: sorted, and gone on with by the sort key of the last one shown.

Figures change between two pages: who has overtaken others meanwhile may be on both, or on none.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

from analytics.operations.publisher_rates import PublisherFigures

Sort = Literal["viewers", "out", "in", "since", "channel"]
Key = tuple[int, str]
"""By what they are sorted, rising, and the channel, which no two of them share."""


def key_of(figures: PublisherFigures, sort: Sort) -> Key:
    """Return what puts the most, the newest or the first of the alphabet in front."""
    publisher = figures.publisher
    match sort:
        case "viewers":
            return -publisher.viewers, publisher.channel
        case "out":
            return -figures.out_bps, publisher.channel
        case "in":
            return -figures.in_bps, publisher.channel
        case "since":
            return -publisher.since_ms, publisher.channel
        case "channel":
            return 0, publisher.channel


def page_after(
    found: Iterable[PublisherFigures], sort: Sort, after: Key | None, limit: int
) -> Sequence[PublisherFigures]:
    """Return those behind a key, `limit` and one more: that one says that there is a next page."""
    ordered = sorted(found, key=lambda each: key_of(each, sort))
    behind = [each for each in ordered if after is None or key_of(each, sort) > after]
    return behind[: limit + 1]
