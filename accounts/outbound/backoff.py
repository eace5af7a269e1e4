"""Back-off: how long to wait before the next attempt. Pure."""

from typing import Final

JITTER: Final = 0.2
"""How much of a pause is left to chance, so that what failed together does not return together."""


def pause_s(
    attempts: int, *, first_s: float, factor: float, limit_s: float, chance: float
) -> float:
    """Return the pause after so many attempts, 1 or more. `chance` is in [0, 1)."""
    exponent = min(attempts - 1, 60)  # beyond that, floats have no room and every pause is long
    usual_s = min(first_s * factor**exponent, limit_s)
    return usual_s * (1 - JITTER + 2 * JITTER * chance)
