"""Errors of the segmenter.

    SegmenterError
    ├── NoPublisherError      our own fault: media given while no publisher is on air
    └── ResumeError           the changes of an earlier process do not fit together

Nothing that a publisher sends raises: odd media becomes warnings, fillers and discontinuities.
"""


class SegmenterError(Exception):
    """The segmenter was used wrongly."""


class NoPublisherError(SegmenterError):
    """Media came before `start_publisher` or after `end_publisher`."""


class ResumeError(SegmenterError):
    """A show cannot go on: its changes are incomplete, or it has begun already."""
