"""Who may publish and watch, decided by accounts, in the terms of ingest and distribution."""

from collections.abc import Callable
from typing import Final

import structlog

from accounts.channels.publish_gate import Admitted, NotAdmitted, PublishGate
from accounts.channels.view_gate import View as AccountsView
from accounts.channels.view_gate import ViewGate
from accounts.storage import StorageError
from distribution.ports import View
from ingest.ports import Grant, PublishAttempt, Refusal, RefusalCode

_log: structlog.stdlib.BoundLogger = structlog.get_logger("accounts.channels")

_REFUSALS: Final = {
    NotAdmitted.NO_KEY: Refusal(
        RefusalCode.UNKNOWN_KEY,
        "No stream key came. Enter a key of your channel as the stream key.",
    ),
    NotAdmitted.UNKNOWN_KEY: Refusal(
        RefusalCode.UNKNOWN_KEY,
        "Unknown stream key. Copy a key of your channel, without spaces; a new one if need be.",
    ),
    NotAdmitted.CLOSED: Refusal(
        RefusalCode.CHANNEL_CLOSED, "This channel has been closed by an administrator."
    ),
}
_UNAVAILABLE: Final = Refusal(
    RefusalCode.UNAVAILABLE, "The server cannot check stream keys at the moment. Try again soon."
)
_VIEWS: Final = {
    AccountsView.SHARED: View.SHARED,
    AccountsView.PERSONAL: View.PERSONAL,
    AccountsView.UNKNOWN: View.UNKNOWN,
    AccountsView.OVER: View.OVER,
}


class AccountPublishAuthorizer:
    """Implements ingest's PublishAuthorizer by the stream keys of channels."""

    def __init__(self, gate: PublishGate) -> None:
        self._gate = gate

    async def authorize_publish(self, attempt: PublishAttempt) -> Grant | Refusal:
        """Decide on one attempt. Nothing is awaited after the gate's decision: see the gate."""
        try:
            decision = await self._gate.authorize(attempt.key)
        except StorageError as error:
            _log.error("stream key not checked", reason=str(error))
            return _UNAVAILABLE
        if isinstance(decision, Admitted):
            return Grant(channel=decision.channel, principal=decision.principal)
        return _REFUSALS[decision]


class AccountViewerAuthorizer:
    """Implements distribution's ViewerAuthorizer by the rules of channels on air."""

    def __init__(self, gate: ViewGate, clock: Callable[[], int]) -> None:
        self._gate = gate
        self._clock = clock

    def authorize_view(self, channel: str, token: str | None) -> View:
        """Decide on one request."""
        return _VIEWS[self._gate.authorize_view(channel, token, self._clock())]

    def is_listed(self, channel: str) -> bool:
        """Whether the channel may be named to who does not know of it."""
        return self._gate.is_listed(channel)
