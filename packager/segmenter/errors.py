"""Errors of the segmenter.

    SegmenterError
    └── NoPublisherError      our own fault: media given while no publisher is on air

Nothing that a publisher sends raises: odd media becomes warnings, fillers and discontinuities.
"""


class SegmenterError(Exception):
    """The segmenter was used wrongly."""


class NoPublisherError(SegmenterError):
    """Media came before `start_publisher` or after `end_publisher`."""
