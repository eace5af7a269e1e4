"""Test my set-up: /channels/{channel}/tests."""

from collections.abc import Callable
from typing import Final, Literal

from pydantic import Field

from accounts.api.model import ApiModel, Listing, UtcTime
from accounts.api.operation import USER, Answer, Call, operation
from accounts.api.problem import FORBIDDEN, NOT_FOUND, ProblemType
from accounts.api.throttle import Throttle
from accounts.storage import Page
from analytics.api.ingest import IngestReportView, report_view
from analytics.ports import Clock, FiguresAccess
from analytics.preflight.trial import Trial
from analytics.preflight.trials import NoSuchTrialError, TooManyTrialsError, Trials

LIMIT_REACHED: Final = ProblemType(409, "limit-reached", "There is as much of it as there may be")
_THROTTLE: Final = Throttle("set-up tests", burst=10, per_minute=4)


class TestView(ApiModel):
    """A private test of a channel's set-up, without its key."""

    id: str
    state: Literal["waiting", "receiving", "graded", "expired"] = Field(
        description="Waiting for an encoder, measuring it, done, or over before there was a grade."
    )
    start: str = Field(description="How the key begins, to tell it from others.")
    servers: tuple[str, ...] = Field(description="Where the encoder connects; one is enough.")
    created_at: UtcTime
    expires_at: UtcTime = Field(description="Until then an encoder may begin.")
    encoder: str | None = Field(description="As it calls itself; null before it came.")
    started_at: UtcTime | None = Field(description="When the encoder that is measured began.")
    ended_at: UtcTime | None = Field(description="When the grade was given.")
    media_ms: int = Field(description="How much media has been measured.")
    needed_ms: int = Field(description="How much is measured at most; then the test ends.")
    was_too_short: bool = Field(
        description="Whether the last attempt brought too little to be graded."
    )
    report: IngestReportView | None = Field(
        description="What was measured and found, with the grade so far; null before any media."
    )


class NewTestView(TestView):
    """A test with its key, which is shown this once."""

    key: str = Field(description="Goes into the encoder as its stream key. Nothing goes live.")


class PreflightResource:
    """Makes, shows and cancels tests. `servers_for` is given the host that the caller asked."""

    def __init__(
        self,
        trials: Trials,
        access: FiguresAccess,
        clock: Clock,
        *,
        needed_ms: int,
        servers_for: Callable[[str], tuple[str, ...]],
    ) -> None:
        self._trials = trials
        self._access = access
        self._clock = clock
        self._needed_ms = needed_ms
        self._servers_for = servers_for

    @operation(
        "GET",
        "/channels/{channel}/tests",
        tag="analytics",
        access=USER,
        scope="channels:read",
        problems=(NOT_FOUND, FORBIDDEN),
    )
    async def list_tests(self, call: Call, channel: str) -> Listing[TestView]:
        """List the tests of a channel's set-up, the newest first; for its owner."""
        place = await self._access.owned_channel(call, channel)
        trials = await self._trials.of_channel(place.channel_id)
        return Listing[TestView].of(Page(trials, None), lambda trial: self._view(call, trial))

    @operation(
        "POST",
        "/channels/{channel}/tests",
        tag="analytics",
        access=USER,
        scope="channels:write",
        status=201,
        creates=True,
        shows_secret=True,
        problems=(NOT_FOUND, FORBIDDEN, LIMIT_REACHED),
        account_throttle=_THROTTLE,
    )
    async def create_test(self, call: Call, channel: str) -> Answer[NewTestView]:
        """Make a private test of a channel's set-up.

        Publish to one of `servers` with `key` as the stream key: the stream is measured and graded,
        and nothing of it goes live. The key is shown in this answer and never again.
        """
        place = await self._access.owned_channel(call, channel)
        try:
            made = await self._trials.create(place.channel_id)
        except TooManyTrialsError as error:
            raise LIMIT_REACHED.because(str(error)) from None
        shown = NewTestView(**dict(self._view(call, made.trial)), key=made.key.reveal())
        return Answer(shown, location=f"/api/v1/channels/{place.name}/tests/{made.trial.id}")

    @operation(
        "GET",
        "/channels/{channel}/tests/{test}",
        tag="analytics",
        access=USER,
        scope="channels:read",
        problems=(NOT_FOUND, FORBIDDEN),
    )
    async def get_test(self, call: Call, channel: str, test: str) -> TestView:
        """Show a test: what is measured while it is received, and the grade at its end.

        Changes about once a second while it is received.
        """
        place = await self._access.owned_channel(call, channel)
        try:
            return self._view(call, await self._trials.get(place.channel_id, test))
        except NoSuchTrialError as error:
            raise NOT_FOUND.because(str(error)) from None

    @operation(
        "DELETE",
        "/channels/{channel}/tests/{test}",
        tag="analytics",
        access=USER,
        scope="channels:write",
        problems=(NOT_FOUND, FORBIDDEN),
    )
    async def cancel_test(self, call: Call, channel: str, test: str) -> None:
        """Void a test's key, show its encoder out, and forget what was measured."""
        place = await self._access.owned_channel(call, channel)
        try:
            await self._trials.cancel(place.channel_id, test)
        except NoSuchTrialError as error:
            raise NOT_FOUND.because(str(error)) from None

    def _view(self, call: Call, trial: Trial) -> TestView:
        state = trial.state(self._clock())
        report = trial.report
        return TestView(
            id=trial.id,
            state=state.value,
            start=trial.start,
            servers=self._servers_for(call.request.host),
            created_at=trial.created_at_ms,
            expires_at=trial.expires_at_ms,
            encoder=trial.encoder,
            started_at=trial.started_at_ms,
            ended_at=trial.ended_at_ms,
            media_ms=0 if report is None else report.media_ms,
            needed_ms=self._needed_ms,
            was_too_short=trial.was_too_short,
            report=None if report is None else report_view(report.ingest),
        )
