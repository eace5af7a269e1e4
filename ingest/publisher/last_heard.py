"""LastHeard: when media last came from one publisher, and when last a whole message of it."""

from typing import Final

from ingest.rtmp import ServerConnection

# A keyframe may take longer than a publisher may be silent, on a line that has become slow. What
# takes this much longer is nothing that a show can go on with.
_MESSAGE_FACTOR: Final = 3


class LastHeard:
    """Notices silence, in the event loop's seconds. `look` is called from time to time."""

    __slots__ = ("_at", "_media_bytes", "_progress_bytes", "_whole_at")

    def __init__(self) -> None:
        self._progress_bytes = self._media_bytes = 0
        self._at = self._whole_at = 0.0

    def restart(self, now: float) -> None:
        """Count from now on: nothing could have been heard before."""
        self._at = self._whole_at = now

    def look(self, connection: ServerConnection, now: float, idle_timeout_s: float) -> str | None:
        """Say what has not come for too long, in a sentence for the streamer, if anything."""
        progress_bytes, media_bytes = connection.media_progress_bytes, connection.media_bytes
        if progress_bytes != self._progress_bytes:
            self._progress_bytes = progress_bytes
            self._at = now
        if media_bytes != self._media_bytes:
            self._media_bytes = media_bytes
            self._whole_at = now
        if now - self._at >= idle_timeout_s:
            return f"No media came for {idle_timeout_s:g} seconds."
        longest_s = _MESSAGE_FACTOR * idle_timeout_s
        if now - self._whole_at >= longest_s:
            return f"No picture or sound was complete for {longest_s:g} seconds."
        return None
