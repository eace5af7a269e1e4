"""Who may publish, decided by the key file or by nobody."""

import structlog

from ingest.channel_name import is_channel_name
from ingest.keys.errors import KeyFileError
from ingest.keys.key_file import KeyFile
from ingest.ports import Grant, PublishAttempt, Refusal, RefusalCode

_UNKNOWN_KEY = Refusal(
    RefusalCode.UNKNOWN_KEY,
    "Unknown stream key. Copy the key that the server printed at its start, without spaces.",
)
_NO_KEY = Refusal(
    RefusalCode.UNKNOWN_KEY,
    "No stream key came. Enter the key that the server printed at its start as the stream key.",
)
_UNREADABLE = Refusal(
    RefusalCode.UNAVAILABLE,
    "The server cannot read its stream keys; its log says why.",
)
_log: structlog.stdlib.BoundLogger = structlog.get_logger("ingest.keys")


class KeyFileAuthorizer:
    """Grants the channel whose key was sent. Implements PublishAuthorizer."""

    def __init__(self, key_file: KeyFile) -> None:
        self._key_file = key_file

    async def authorize_publish(self, attempt: PublishAttempt) -> Grant | Refusal:
        """Compare with every key, so that the time taken says nothing about which came close."""
        granted: str | None = None
        try:
            keys = self._key_file.keys()
        except KeyFileError as error:
            _log.error("stream keys unreadable", reason=str(error))
            return _UNREADABLE
        for channel, key in keys.items():
            if key.matches(attempt.key):
                granted = channel
        if granted is None:
            return _UNKNOWN_KEY if attempt.key else _NO_KEY
        return Grant(channel=granted, principal=f"key-of:{granted}")


class OpenAuthorizer:
    """Grants every channel to everybody: tests and benchmarks on loopback.

    Implements PublishAuthorizer. The stream name is the channel's; a newer publisher of a name
    takes over from the older.
    """

    async def authorize_publish(self, attempt: PublishAttempt) -> Grant | Refusal:
        """Grant any possible channel name."""
        if not is_channel_name(attempt.key):
            return Refusal(
                RefusalCode.UNKNOWN_KEY,
                "The stream name is the channel's: expected 1 to 64 letters, digits, '-' or '_'.",
            )
        return Grant(channel=attempt.key, principal=f"open:{attempt.key}")
