"""What a validator's report must look like for a test to pass."""

from conformance.check import Check
from conformance.finding import Severity
from conformance.report import Report


def assert_clean(report: Report, *, but_for: frozenset[Check] = frozenset()) -> None:
    """No MUST is broken and every rendition moved on. Warnings depend on how busy a machine is.

    `but_for` names what the publisher itself made impossible.
    """
    errors = [
        tally
        for tally in report.findings
        if tally.severity is Severity.ERROR and tally.check not in but_for
    ]
    assert not errors, errors
    assert report.renditions
    for rendition in report.renditions:
        # A Period that a restart cut short may have come as whole segments alone.
        assert rendition.parts or rendition.segments, rendition
        assert rendition.failures == 0, rendition
