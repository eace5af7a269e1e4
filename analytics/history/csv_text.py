"""CSV of a channel's viewers, for spreadsheets (RFC 4180). Pure."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from accounts.api.model import utc_text
from analytics.history.figures import ChannelViewers, Point

COLUMNS: Final = (
    "at",
    "mean_viewers",
    "peak_viewers",
    "sessions_started",
    "unique_viewers",
    "watch_seconds",
    "messages",
    "followers_gained",
    "followers_lost",
    "title",
    "category",
)
# Spreadsheets take what begins so for a formula, some even behind blanks (OWASP, CSV Injection).
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# Where decimals have commas, spreadsheets cut lines at these, within a field as well.
_SEPARATED: Final = re.compile("(;|(?<!^)\t)(?=\\s*[=+@\uff1d\uff0b\uff0d\uff20-])")


def guarded(text: str) -> str:
    """Return text that no spreadsheet runs: what could be a formula gets an apostrophe."""
    text = _SEPARATED.sub(r"\1'", text)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) or text[:1].isspace() else text


def csv_lines(viewers: ChannelViewers, step_ms: int) -> Iterator[str]:
    """Write the points line by line, each with the title that it ended with."""
    yield _line(COLUMNS)
    titles = iter(sorted(viewers.titles, key=lambda each: each.at_ms))
    coming, title, category = next(titles, None), "", ""
    for point in viewers.points:
        while coming is not None and coming.at_ms < point.bucket.at_ms + step_ms:
            title, category = coming.title, coming.category or ""
            coming = next(titles, None)
        yield _line(_values(point, title, category))


def _values(point: Point, title: str, category: str) -> Sequence[str]:
    bucket = point.bucket
    return (
        utc_text(bucket.at_ms),
        f"{point.mean:g}",
        str(bucket.peak),
        str(bucket.started),
        str(bucket.unique),
        f"{bucket.viewer_ms / 1000:.0f}",
        str(bucket.messages),
        str(point.following.gained),
        str(point.following.lost),
        guarded(title),
        guarded(category),
    )


def _line(values: Iterable[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(values)
    return text.getvalue()
