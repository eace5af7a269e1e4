"""What FFmpeg's libraries complain about while PyAV works with them."""

from collections.abc import Iterator
from contextlib import contextmanager

import av


@contextmanager
def ffmpeg_complaints() -> Iterator[list[tuple[int, str, str]]]:
    """Collect warnings and errors of all threads as (level, component, text)."""
    before = av.logging.get_level()
    av.logging.set_level(av.logging.WARNING)
    # Else a complaint that was made before is held back and comes later, with a count.
    av.logging.set_skip_repeated(False)
    try:
        with av.logging.Capture(local=False) as complaints:
            yield complaints
    finally:
        av.logging.set_level(before)
