"""Viewer: one of those who wait."""


class Viewer:
    """Notes that it was woken, as whoever waits has to."""

    def __init__(self) -> None:
        self.wake_count = 0

    def wake(self) -> None:
        self.wake_count += 1
