"""EventId: where a client is in what it hears, as opaque text. Pure.

Within the run of a server, `number` counts what it told. Facts are the same for all servers and
all runs: `fact` is the position of the last one that had been told. So a client can resume
exactly where it was while the server remembers, and loses no fact where it does not.
"""

import re
from dataclasses import dataclass
from typing import Final

NO_RUN: Final = "0"
"""The run of what no run has told: facts from the archive."""

_LIMIT: Final = 2**63
_TEXT: Final = re.compile(r"([0-9a-z]{1,16})-([0-9a-f]{1,16})-([0-9a-f]{1,16})", re.ASCII)


class EventIdError(ValueError):
    """The text was never given out as an id."""


@dataclass(frozen=True, slots=True)
class EventId:
    """`run` names one run of one server, in lower-case letters and digits."""

    run: str
    number: int
    fact: int

    def text(self) -> str:
        """Write it, for clients to send back."""
        return f"{self.run}-{self.number:x}-{self.fact:x}"

    @classmethod
    def parse(cls, text: str) -> "EventId":
        """Read what a client sent back. Raises EventIdError."""
        match = _TEXT.fullmatch(text)
        if match is None:
            raise EventIdError("expected the id of an event")
        run, number, fact = match[1], int(match[2], 16), int(match[3], 16)
        if number >= _LIMIT or fact >= _LIMIT:
            raise EventIdError("expected the id of an event")
        return cls(run, number, fact)
