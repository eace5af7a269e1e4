"""Addresses: the URLs of a Representation's init segment and segments (ISO/IEC 23009-1 5.3.9.4)."""

import re
from urllib.parse import urljoin

from conformance.mpd.presentation import MpdSegment, Representation

_FIELD = re.compile(r"\$(?:(\w+)(?:%0(\d{1,2})d)?)?\$")


def init_url(representation: Representation) -> str:
    """Give the absolute URL of the initialization segment."""
    path = _fill(representation.template.initialization, representation, None)
    return urljoin(representation.base_url, path)


def segment_url(representation: Representation, segment: MpdSegment) -> str:
    """Give the absolute URL of a segment."""
    path = _fill(representation.template.media, representation, segment)
    return urljoin(representation.base_url, path)


def _fill(text: str, representation: Representation, segment: MpdSegment | None) -> str:
    values: dict[str, str | int] = {
        "RepresentationID": representation.id,
        "Bandwidth": representation.bandwidth_bps,
    }
    if segment is not None:
        values |= {"Number": segment.number, "Time": segment.time}

    def value(match: re.Match[str]) -> str:
        name, width = match.groups()
        if name is None:
            return "$"
        found = values.get(name)
        if found is None:
            return match[0]
        return str(found).zfill(int(width or 1))

    return _FIELD.sub(value, text)
