"""Beacon: what a page's player tells of one playback every half minute, and at its end. Pure.

A beacon names the playback session in the playlists that are played. It holds sums since the
playback began (`total`), and the sums that the server has answered for already (`told`). So one
that is lost loses nothing, one that comes twice counts once, and a server that has forgotten the
playback goes on where the last one was.

    {"v": 1, "session": "k3J0c2Vzc2lv", "seq": 4, "channel": "ada", "player": "hls.js",
     "language": "de-AT", "bitrateKbps": 3200, "latencyMs": 1840,
     "total": {"watchedMs": 118000, "stalls": 1, "stalledMs": 420, ...}, "told": null}

The classes are the format: msgspec reads and checks in one go, in a fifteenth of the time that
Python takes.
"""

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

MAX_BEACON_BYTES: Final = 2048
MAX_STARTUP_MS: Final = 600_000
PLAYERS: Final = {"hls.js": "hls.js", "native": "safari"}

_Sum = Annotated[int, Meta(ge=0, le=2**40 - 1)]  # in ms, 35 years


class BeaconError(ValueError):
    """It is no beacon; the text says what was expected, and repeats nothing of it."""


class Errors(Struct, frozen=True, forbid_unknown_fields=True, gc=False, rename="kebab"):
    """How often playback was given up, by why."""

    network: _Sum = 0
    media: _Sum = 0
    codec: _Sum = 0
    no_hls: _Sum = 0
    stuck: _Sum = 0
    refused: _Sum = 0
    other: _Sum = 0


ERROR_CODES: Final = Errors.__struct_encode_fields__
"""What they are called."""


class Sums(Struct, frozen=True, forbid_unknown_fields=True, gc=False, rename="camel"):
    """Sums of one playback since it began. `startup_ms` is None until there was a picture."""

    watched_ms: _Sum
    stalls: _Sum
    stalled_ms: _Sum
    switches_up: _Sum
    switches_down: _Sum
    dropped_frames: _Sum
    decoded_frames: _Sum
    startup_ms: Annotated[int, Meta(ge=0, le=MAX_STARTUP_MS)] | None
    errors: Errors


NOTHING: Final = Sums(0, 0, 0, 0, 0, 0, 0, None, Errors())
"""The sums of a playback that begins."""


class Beacon(Struct, frozen=True, forbid_unknown_fields=True, gc=False, rename="camel"):
    """One beacon. `told` is None while the server has answered none of this playback.

    `session` and `channel` are any text: who knows them says whether they are right.
    `bitrate_kbps` is the nominal one of what is shown now, `latency_ms` how far behind live that
    is; None where the player does not know.
    """

    version: Literal[1] = msgspec.field(name="v")
    session: Annotated[str, Meta(min_length=8, max_length=32)]
    sequence: Annotated[int, Meta(ge=0, le=10_000_000)] = msgspec.field(name="seq")
    channel: Annotated[str, Meta(min_length=1, max_length=64)]
    engine: Literal["hls.js", "native"] = msgspec.field(name="player")
    language: Annotated[str, Meta(max_length=35)]
    bitrate_kbps: Annotated[int, Meta(ge=0, le=1_000_000)] | None
    latency_ms: Annotated[int, Meta(ge=0, le=86_400_000)] | None
    total: Sums
    told: Sums | None

    @property
    def player(self) -> str:
        """What the player is called in figures."""
        return PLAYERS[self.engine]


_decode: Final = msgspec.json.Decoder(Beacon).decode


def read_beacon(body: bytes) -> Beacon:
    """Read one beacon. Raises BeaconError and nothing else."""
    if len(body) > MAX_BEACON_BYTES:
        raise BeaconError(f"expected at most {MAX_BEACON_BYTES} bytes")
    try:
        return _decode(body)
    except msgspec.ValidationError as error:
        raise BeaconError(_expected(str(error))) from None
    except ValueError:  # msgspec's own, or one of text that is no UTF-8
        raise BeaconError("expected JSON") from None


def _expected(text: str) -> str:
    """Say what msgspec says, but for the words of the beacon that it repeats."""
    what, _, place = text.partition(" - at ")
    if what.startswith("Expected "):
        what = f"expected {what.removeprefix('Expected ')}"
    elif what.startswith("Object missing required field "):
        what = f"expected {what.removeprefix('Object missing required field ')}"
    elif what.startswith("Object contains unknown field"):
        what = "expected no other field"
    else:
        what = "expected one of the known values"
    return f"{place.strip('`') or '$'}: {what}"
