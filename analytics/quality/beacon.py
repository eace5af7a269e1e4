"""Beacon: what a page's player tells of one playback every half minute, and at its end. Pure.

A beacon holds sums since the playback began (`total`), and the sums that the server has answered
for already (`told`). So one that is lost loses nothing, one that comes twice counts once, and a
server that has forgotten the playback goes on where the last one was.

    {"v": 1, "session": "k3J0...", "seq": 4, "channel": "ada", "player": "hls.js",
     "language": "de-AT", "bitrateKbps": 3200, "latencyMs": 1840,
     "total": {"watchedMs": 118000, "stalls": 1, "stalledMs": 420, ...}, "told": null}
"""

import json
import re
from typing import Any, Final, NamedTuple

MAX_BEACON_BYTES: Final = 2048

# Why playback was given up, and what a player tried again after.
ERROR_CODES: Final = ("network", "media", "codec", "no-hls", "stuck", "refused", "other")
PLAYERS: Final = {"hls.js": "hls.js", "native": "safari"}

_COUNTERS: Final = (
    "watchedMs",
    "stalls",
    "stalledMs",
    "switchesUp",
    "switchesDown",
    "droppedFrames",
    "decodedFrames",
)
_SESSION: Final = re.compile(r"[A-Za-z0-9_-]{8,32}")
_CHANNEL: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_LANGUAGE: Final = re.compile(r"[A-Za-z0-9-]{0,35}")
_MEMBERS: Final = frozenset(
    {
        "v",
        "session",
        "seq",
        "channel",
        "player",
        "language",
        "bitrateKbps",
        "latencyMs",
        "total",
        "told",
    }
)
_SUM_MEMBERS: Final = frozenset({*_COUNTERS, "startupMs", "errors"})
_LARGEST: Final = 2**40 - 1  # of any sum: 35 years in ms
MAX_STARTUP_MS: Final = 600_000
_MAX_LATENCY_MS: Final = 86_400_000
_MAX_BITRATE_KBPS: Final = 1_000_000
_MAX_SEQUENCE: Final = 10_000_000


class BeaconError(ValueError):
    """It is no beacon; the text says what was expected, and repeats nothing of it."""


class Sums(NamedTuple):
    """Sums of one playback since it began. `startup_ms` is None until there was a picture.

    `errors` counts fatal ones in the order of ERROR_CODES.
    """

    watched_ms: int = 0
    stalls: int = 0
    stalled_ms: int = 0
    switches_up: int = 0
    switches_down: int = 0
    dropped_frames: int = 0
    decoded_frames: int = 0
    startup_ms: int | None = None
    errors: tuple[int, ...] = (0,) * len(ERROR_CODES)


class Beacon(NamedTuple):
    """One beacon. `told` is None while the server has answered none of this playback.

    `bitrate_kbps` is the nominal one of what is shown now, `latency_ms` how far behind live that
    is; None where the player does not know.
    """

    session: str
    sequence: int
    channel: str
    player: str
    language: str
    bitrate_kbps: int | None
    latency_ms: int | None
    total: Sums
    told: Sums | None


def read_beacon(body: bytes) -> Beacon:
    """Read one beacon. Raises BeaconError and nothing else."""
    if len(body) > MAX_BEACON_BYTES:
        raise BeaconError(f"expected at most {MAX_BEACON_BYTES} bytes")
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise BeaconError("expected JSON") from None
    if type(said) is not dict or said.keys() != _MEMBERS:
        raise BeaconError(f"expected an object of {', '.join(sorted(_MEMBERS))}")
    if said["v"] != 1 or type(said["v"]) is not int:
        raise BeaconError("v: expected 1")
    player = PLAYERS.get(_text(said, "player", None))
    if player is None:
        raise BeaconError(f"player: expected one of {', '.join(PLAYERS)}")
    told = said["told"]
    return Beacon(
        _text(said, "session", _SESSION),
        _number(said, "seq", _MAX_SEQUENCE),
        _text(said, "channel", _CHANNEL),
        player,
        _text(said, "language", _LANGUAGE),
        _maybe_number(said, "bitrateKbps", _MAX_BITRATE_KBPS),
        _maybe_number(said, "latencyMs", _MAX_LATENCY_MS),
        _sums(said["total"], "total"),
        None if told is None else _sums(told, "told"),
    )


def _sums(said: Any, name: str) -> Sums:
    if type(said) is not dict or said.keys() != _SUM_MEMBERS:
        raise BeaconError(f"{name}: expected an object of {', '.join(sorted(_SUM_MEMBERS))}")
    watched, stalls, stalled, up, down, dropped, decoded = (
        _number(said, counter, _LARGEST) for counter in _COUNTERS
    )
    errors = said["errors"]
    if type(errors) is not dict or not errors.keys() <= _ERROR_CODES:
        raise BeaconError(f"errors: expected counts of {', '.join(ERROR_CODES)}")
    counts = tuple(_number(errors, code, _LARGEST) for code in ERROR_CODES) if errors else _NONE
    startup_ms = _maybe_number(said, "startupMs", MAX_STARTUP_MS)
    return Sums(watched, stalls, stalled, up, down, dropped, decoded, startup_ms, counts)


_ERROR_CODES: Final = frozenset(ERROR_CODES)
_NONE: Final = (0,) * len(ERROR_CODES)


def _number(said: dict[str, Any], name: str, largest: int) -> int:
    value = said.get(name, 0)
    if type(value) is not int or not 0 <= value <= largest:
        raise BeaconError(f"{name}: expected a whole number of 0 to {largest}")
    return value


def _maybe_number(said: dict[str, Any], name: str, largest: int) -> int | None:
    return None if said[name] is None else _number(said, name, largest)


def _text(said: dict[str, Any], name: str, pattern: re.Pattern[str] | None) -> str:
    value = said[name]
    if type(value) is not str:
        raise BeaconError(f"{name}: expected text")
    if pattern is not None and pattern.fullmatch(value) is None:
        raise BeaconError(f"{name}: expected {pattern.pattern}")
    return value
