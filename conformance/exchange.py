"""Exchange: one HTTP request and its whole answer, with the times that were measured."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request and its answer.

    Header names are lower case. `requested_s`, `first_byte_s` and `arrived_s` are readings of one
    monotonic clock, `arrived_unix_s` of the wall clock at the last byte. `body` is decoded, that
    is without gzip; `headers` are as they came.
    """

    method: str
    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    requested_s: float
    first_byte_s: float
    arrived_s: float
    arrived_unix_s: float

    @property
    def held_s(self) -> float:
        """How long the server took to begin its answer."""
        return self.first_byte_s - self.requested_s

    @property
    def max_age_s(self) -> int | None:
        """The max-age of Cache-Control, 0 for no-store or no-cache, None where nothing is said."""
        for directive in self.headers.get("cache-control", "").lower().split(","):
            name, _, value = directive.strip().partition("=")
            if name in {"no-store", "no-cache"}:
                return 0
            if name == "max-age" and value.isascii() and value.isdigit():
                return int(value[:12])
        return None

    def directives(self) -> dict[str, str]:
        """Read the _HLS_ directives that the request carried."""
        query = parse_qsl(urlsplit(self.url).query)
        return {name: value for name, value in query if name.startswith("_HLS_")}


class Arrival(NamedTuple):
    """Bytes of a body that came together: where they end in it, and when the last of them came."""

    end_bytes: int
    arrived_s: float


@dataclass(frozen=True, slots=True)
class Progress:
    """An exchange whose answer was watched as it grew.

    There is an arrival for each chunk of a chunked transfer, and none for a body of known length.
    """

    exchange: Exchange
    arrivals: tuple[Arrival, ...]

    @property
    def has_length(self) -> bool:
        """Whether the server knew the whole length when it began to answer."""
        return "content-length" in self.exchange.headers
