"""The way into a trial in the terms of ingest: who may publish to it, and where its media goes."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, NamedTuple

import structlog

from accounts.storage import StorageError
from analytics.ports import Clock
from analytics.preflight.trial import channel_of_trial, trial_of_channel
from analytics.preflight.trial_desk import AccountBusyError, DeskFullError, TrialDesk
from analytics.preflight.trial_gate import TrialAdmitted, TrialGate, TrialRefusal
from analytics.preflight.trial_key import is_meant_as_trial_key
from analytics.preflight.trial_run import TrialRun
from ingest.media import MediaEvent
from ingest.ports import (
    EndReason,
    Grant,
    MediaGateway,
    MediaSink,
    NoRoomError,
    PublishAttempt,
    PublishAuthorizer,
    Refusal,
    RefusalCode,
)
from packager.pace import Pace, PaceLimits

_log: structlog.stdlib.BoundLogger = structlog.get_logger("analytics.preflight")

_MOST_ADMITTED: Final = 1000
_BEGIN_ANEW: Final = frozenset(
    {EndReason.TAKEN_OVER, EndReason.SERVER_STOPPING, EndReason.SERVER_ERROR}
)
_REFUSALS: Final = {
    TrialRefusal.UNKNOWN_KEY: Refusal(
        RefusalCode.UNKNOWN_KEY,
        "Unknown test key. Copy it again, without spaces, or begin a new test.",
    ),
    TrialRefusal.EXPIRED: Refusal(
        RefusalCode.KEY_EXPIRED, "This test key has expired. Begin a new test."
    ),
    TrialRefusal.GRADED: Refusal(
        RefusalCode.KEY_USED_UP,
        "This test is finished: its page shows your grade. To go live, use your stream key.",
    ),
}
_CLOSED: Final = Refusal(
    RefusalCode.CHANNEL_CLOSED, "This channel has been closed by an administrator."
)
_UNAVAILABLE: Final = Refusal(
    RefusalCode.UNAVAILABLE, "The server cannot check test keys at the moment. Try again soon."
)


class TestedChannel(NamedTuple):
    """What a test goes by: who owns its channel, and the latency profile of that one's shows."""

    account_id: str
    profile: str


class TrialAuthorizer:
    """Implements ingest's PublishAuthorizer: by test keys for those who show one.

    `channel_of` answers None for a channel that is closed. `admitted` takes the channel of each
    trial that was let in, for its sink.
    """

    def __init__(
        self,
        gate: TrialGate,
        desk: TrialDesk,
        channel_of: Callable[[str], Awaitable[TestedChannel | None]],
        admitted: dict[str, TestedChannel],
        others: PublishAuthorizer,
    ) -> None:
        self._gate = gate
        self._desk = desk
        self._channel_of = channel_of
        self._admitted = admitted
        self._others = others

    async def authorize_publish(self, attempt: PublishAttempt) -> Grant | Refusal:
        """Decide on one attempt."""
        if not is_meant_as_trial_key(attempt.key):
            return await self._others.authorize_publish(attempt)
        try:
            decision = await self._gate.authorize(attempt.key)
            if not isinstance(decision, TrialAdmitted):
                return _REFUSALS[decision]
            channel = await self._channel_of(decision.trial.channel_id)
        except StorageError as error:
            _log.error("test key not checked", reason=str(error))
            return _UNAVAILABLE
        if channel is None:
            return _CLOSED
        trial_id = decision.trial.id
        try:  # asked here, since a sink that is not opened tells the encoder no reason
            self._desk.require_room(trial_id, channel.account_id)
        except AccountBusyError as error:
            return Refusal(RefusalCode.TOO_MANY, str(error))
        except DeskFullError as error:
            return Refusal(RefusalCode.SERVER_FULL, str(error))
        if len(self._admitted) >= _MOST_ADMITTED:  # of attempts that were cancelled since
            self._admitted.clear()
        self._admitted[trial_id] = channel
        return Grant(channel=channel_of_trial(trial_id), principal=trial_id)


class TrialGateway:
    """Implements ingest's MediaGateway: the media of tests is forgotten, all other goes on."""

    def __init__(
        self,
        desk: TrialDesk,
        admitted: dict[str, TestedChannel],
        pace: PaceLimits,
        clock: Clock,
        others: MediaGateway,
    ) -> None:
        self._desk = desk
        self._admitted = admitted
        self._pace = pace
        self._clock = clock
        self._others = others

    def open_sink(self, grant: Grant, now: float) -> MediaSink:
        """Take one publisher's media. Raises NoRoomError."""
        trial_id = trial_of_channel(grant.channel)
        if trial_id is None:
            return self._others.open_sink(grant, now)
        channel = self._admitted.pop(trial_id, TestedChannel(trial_id, "normal"))
        try:
            run = self._desk.begin(trial_id, channel.account_id, channel.profile, now)
        except DeskFullError as error:
            raise NoRoomError(str(error)) from error
        return TrialSink(self._desk, run, Pace(self._pace), self._clock)


class TrialSink:
    """Forgets media, at the pace at which shows take it. Implements MediaSink."""

    def __init__(self, desk: TrialDesk, run: TrialRun, pace: Pace, clock: Clock) -> None:
        self._desk = desk
        self._run = run
        self._pace = pace
        self._clock = clock
        self._last_now = 0.0

    def receive(self, events: Sequence[MediaEvent], now: float) -> float:
        """Look at how much it is; what comes next is wanted at once, or it would look late."""
        self._last_now = now
        self._pace.note(events, now)
        return now

    @property
    def is_full(self) -> bool:
        """Whether the publisher runs ahead of real time or above the bitrate of shows."""
        return self._pace.rest_until > self._last_now

    async def wait_for_room(self) -> None:
        """Return when the clock has caught up with the publisher."""
        loop = asyncio.get_running_loop()
        await asyncio.sleep(self._pace.rest_s(loop.time()))
        self._last_now = loop.time()

    def close(self, reason: EndReason, now: float) -> None:
        """End the run: with a grade if there was enough, or for the next attempt to begin anew."""
        now_ms = self._clock()
        if reason in _BEGIN_ANEW:
            self._run.interrupt(now, now_ms)
        else:
            self._run.leave(now, now_ms)
        self._desk.leave(self._run)
