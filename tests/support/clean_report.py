"""What a validator's report must look like for a test to pass."""

from collections.abc import Sequence

from conformance.check import Check
from conformance.finding import Severity
from conformance.report import RenditionMeasures, RenditionState, Report

# What is late on a busy machine. The matrix holds it against the clock, and looks at the load.
TIMED = frozenset({Check.PART_CADENCE, Check.SEGMENT_CADENCE, Check.HOLD_ENDS})


def assert_clean(report: Report) -> None:
    """No MUST is broken and every rendition moved on. Warnings depend on how busy a machine is."""
    errors = [
        tally
        for tally in report.findings
        if tally.severity is Severity.ERROR and tally.check not in TIMED
    ]
    assert not errors, errors
    assert any(rendition.parts or rendition.segments for rendition in report.renditions)
    for index, rendition in enumerate(report.renditions):
        later = report.renditions[index + 1 :]
        assert rendition.parts or rendition.segments or _was_cut_short(rendition, later), rendition
        assert rendition.failures == 0, rendition


def _was_cut_short(rendition: RenditionMeasures, later: Sequence[RenditionMeasures]) -> bool:
    """Tell whether nothing may have come of it: of a Period that was over before anything was due.

    Its segments were answered with nothing then, none with an error, and its track went on in a
    later Period. A Period that a restart cut short may also have come as whole segments alone.
    """
    return rendition.state is RenditionState.REPLACED and any(
        _track_of(each) == _track_of(rendition) and each.segments for each in later
    )


def _track_of(rendition: RenditionMeasures) -> str:
    """Name the track; renditions of later Periods begin with the Period's id."""
    return rendition.name.rpartition("/")[2]
