"""The validator's MPD reader: manifests of any server, or MpdSyntaxError."""

from itertools import islice

from conformance.errors import MpdSyntaxError
from conformance.mpd import (
    init_url,
    presentation_faults,
    read_document,
    read_mpd,
    schema_faults,
    segment_url,
)

_URL = "http://origin.test/live/clock/manifest.mpd"
_ENOUGH_FAULTS = 1000


def check(entry: bytes) -> None:
    """Look for a manifest's faults, and read it if its structure has none."""
    try:
        root = read_document(entry)
    except MpdSyntaxError:
        return
    schema = list(islice(schema_faults(root), _ENOUGH_FAULTS))
    if schema:
        assert all(schema)
        return
    try:
        assert all(islice(presentation_faults(root), _ENOUGH_FAULTS))
        mpd = read_mpd(_URL, root)
    except MpdSyntaxError:
        return
    for period in mpd.periods:
        for representation in period.representations:
            assert init_url(representation)
            for segment in representation.template.segments[:_ENOUGH_FAULTS]:
                assert segment_url(representation, segment)
