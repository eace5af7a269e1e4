"""The one error of the HLS zone. Requests by viewers never raise: they get a Reject."""


class TimelineError(Exception):
    """A change does not fit the timeline it was appended to: whoever cuts broke the order."""
