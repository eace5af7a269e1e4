"""Errors of the DASH model."""


class PresentationError(Exception):
    """A change does not follow from those before it."""
