"""DueCut: where a track stands, and which of its samples will end its part."""

from typing import NamedTuple

NEVER_DUE = 1 << 62


class DueCut(NamedTuple):
    """What one track's next cut waits for, in ticks of the track's timescale.

    `newest_ticks` is the decode time of its newest sample, which `arrived` then (monotonic
    seconds). The sample at `due_ticks`, and with luck none before it, ends the track's part. It is
    a prediction: timestamps jitter, and encoders put key frames where they like.
    """

    track: str
    newest_ticks: int
    due_ticks: int
    timescale: int
    arrived: float


def step_past(newest_ticks: int, limit_ticks: int, unit_ticks: int) -> int:
    """Give the first time behind the limit that is whole units after the newest sample."""
    return newest_ticks + max(1, (limit_ticks - newest_ticks) // unit_ticks + 1) * unit_ticks
