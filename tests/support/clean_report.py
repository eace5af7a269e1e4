"""What a validator's report must look like for a test to pass."""

from conformance.check import Check
from conformance.finding import Severity
from conformance.report import RenditionState, Report


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
    assert any(rendition.parts or rendition.segments for rendition in report.renditions)
    for rendition in report.renditions:
        # A Period that a restart cut short may have come as whole segments alone, or have been over
        # before anything of it was fetched.
        is_over = rendition.state is RenditionState.REPLACED
        assert rendition.parts or rendition.segments or is_over, rendition
        assert rendition.failures == 0, rendition
