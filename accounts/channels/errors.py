"""What can keep the channel side from doing what was asked.

    ChannelsError
    ├── InvalidFieldsError   the values are wrong: which, and what was expected
    ├── NotFoundError        there is no such thing, or none that the caller may know of
    ├── NotAllowedError      the caller may know of it, but not do this
    ├── ConflictingError     it cannot be done as things are now
    │   └── LimitReachedError    there is as much of it as there may be
    └── OutdatedError        the caller's picture of the thing is older than the thing

Texts are for people and repeat nothing secret.
"""

from collections.abc import Iterable
from dataclasses import dataclass


class ChannelsError(Exception):
    """The channel side could not do what was asked."""


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One wrong value: `path` is where it stands in what was sent, such as `tags.2`."""

    path: str
    text: str


class InvalidFieldsError(ChannelsError):
    """Some values cannot be taken; nothing was changed."""

    def __init__(self, faults: Iterable[FieldFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.path}: {fault.text}" for fault in self.faults))


class NotFoundError(ChannelsError):
    """There is no such thing that the caller may know of."""


class NotAllowedError(ChannelsError):
    """The caller may not do this."""


class ConflictingError(ChannelsError):
    """It cannot be done as things are now."""


class LimitReachedError(ConflictingError):
    """There is as much of it as there may be."""


class OutdatedError(ChannelsError):
    """Somebody else has changed the thing meanwhile."""
