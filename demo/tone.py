"""The demo's sound: a quiet chord, and a beep at the start of every second."""

import math
from array import array

SAMPLE_RATE_HZ = 48_000
CHANNEL_COUNT = 2
_BYTES_PER_MOMENT = 2 * CHANNEL_COUNT  # signed 16 bit, interleaved
_CHORD_HZ = (220, 277, 330)  # whole numbers, so that one second loops without a click
_BEEP_HZ = 1000
_BEEP_S = 0.1


def one_second() -> bytes:
    """Return one second of interleaved signed 16-bit stereo that can be repeated for ever."""
    moments = array("h")
    beep_length = round(SAMPLE_RATE_HZ * _BEEP_S)
    for index in range(SAMPLE_RATE_HZ):
        turn = 2 * math.pi * index / SAMPLE_RATE_HZ
        level = sum(math.sin(turn * frequency) for frequency in _CHORD_HZ) / len(_CHORD_HZ) * 0.08
        if index < beep_length:
            fade = math.sin(math.pi * index / beep_length)  # no click at either end
            level += math.sin(turn * _BEEP_HZ) * fade * 0.35
        moments.extend([round(level * 32767)] * CHANNEL_COUNT)
    return moments.tobytes()


class Tone:
    """Cuts the repeated second into units of any length."""

    def __init__(self) -> None:
        second = one_second()
        self._loop = second + second

    def samples(self, start: int, count: int) -> bytes:
        """Return `count` (at most a second's) audio samples from the `start`th on."""
        if not 0 < count <= SAMPLE_RATE_HZ:
            raise ValueError(f"count: expected 1 to {SAMPLE_RATE_HZ}, got {count}")
        first = start % SAMPLE_RATE_HZ * _BYTES_PER_MOMENT
        return self._loop[first : first + count * _BYTES_PER_MOMENT]
