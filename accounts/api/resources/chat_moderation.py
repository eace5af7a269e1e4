"""Moderation of rooms: sanctions, clearing, filters, the log; and reports, for administrators."""

from pydantic import Field

from accounts.api.model import ApiModel, Listing, PageQuery, UtcTime
from accounts.api.operation import ADMIN, USER, Call, operation
from accounts.api.problem import INVALID, NOT_FOUND, FieldError
from accounts.api.resources.channel_problems import (
    REFUSALS,
    WRITE_REFUSALS,
    asker_of,
    explained,
)
from accounts.api.resources.channel_views import (
    ChannelCard,
    PersonView,
    channel_card,
    person_view,
)
from accounts.api.resources.chat_views import (
    LogEntryView,
    SanctionView,
    log_entry_view,
    sanction_view,
)
from accounts.api.resources.cursors import read_cursor
from accounts.channels.written_text import REASON_CHARACTERS
from accounts.chat.command import TIMEOUT_S_MAX
from accounts.chat.deletion import Deletion
from accounts.chat.filters import PATTERN_CHARACTERS, FilterKind
from accounts.chat.log import ModerationLog
from accounts.chat.reports import Report, Reports
from accounts.chat.room_filters import KeptFilter, RoomFilters
from accounts.chat.sanctions import SanctionKind, Sanctions
from accounts.ports import Clock
from accounts.storage import Page


class SanctionsQuery(PageQuery):
    """Which sanctions."""

    kind: SanctionKind | None = Field(None, description="Of one kind alone.")


class NewSanction(ApiModel):
    """Whom to silence, and for how long."""

    account_id: str = Field(max_length=40)
    kind: SanctionKind
    seconds: int | None = Field(
        None,
        ge=1,
        le=100 * 365 * 86_400,
        description=f"Of a timeout, {TIMEOUT_S_MAX} at most; of a ban null: until it is lifted.",
    )
    reason: str = Field("", max_length=REASON_CHARACTERS, description="Told to whom it is about.")
    clears: bool = Field(True, description="Take away what they have said.")


class ClearedView(ApiModel):
    """What was taken away."""

    count: int = Field(description="How many messages.")


class NewFilter(ApiModel):
    """What may not be said."""

    kind: FilterKind = Field(
        description="`word`: a word, or several in a row; `part`: anywhere, within words too; "
        "`domain`: links to there; `allowed-domain`: links to there are allowed where others are "
        "not."
    )
    pattern: str = Field(min_length=1, max_length=PATTERN_CHARACTERS)


class FilterView(ApiModel):
    """What may not be said."""

    id: str
    kind: FilterKind
    pattern: str
    since: UtcTime


class ReportsQuery(PageQuery):
    """Which reports."""

    open: bool = Field(False, description="Those alone that nobody has looked at.")


class ReportView(ApiModel):
    """A message that somebody reported."""

    id: str
    at: UtcTime
    channel: ChannelCard
    message_id: str
    is_there: bool = Field(description="The message can still be read in its room.")
    author: PersonView
    text: str
    reporter: PersonView | None = Field(description="Null for who has left.")
    reason: str
    closed_at: UtcTime | None
    closed_by: PersonView | None


class ChatModerationResource:
    """What moderators and administrators do."""

    def __init__(
        self,
        *,
        sanctions: Sanctions,
        deletion: Deletion,
        filters: RoomFilters,
        log: ModerationLog,
        reports: Reports,
        clock: Clock,
    ) -> None:
        self._sanctions = sanctions
        self._deletion = deletion
        self._filters = filters
        self._log = log
        self._reports = reports
        self._clock = clock

    @operation(
        "GET",
        "/channels/{channel}/chat/sanctions",
        tag="chat-moderation",
        access=USER,
        scope="chat:moderate",
        problems=REFUSALS,
    )
    async def list_chat_sanctions(
        self, call: Call, channel: str, query: SanctionsQuery
    ) -> Listing[SanctionView]:
        """List who may not write, the newest first; the channel's bans among them."""
        cursor = read_cursor(query, int, str, str)
        with explained():
            page = await self._sanctions.page(
                channel, asker_of(call), query.kind, cursor, query.limit
            )
        return Listing[SanctionView].of(page, sanction_view)

    @operation(
        "POST",
        "/channels/{channel}/chat/sanctions",
        tag="chat-moderation",
        access=USER,
        scope="chat:moderate",
        status=201,
        creates=True,
        problems=WRITE_REFUSALS,
    )
    async def impose_chat_sanction(
        self, call: Call, channel: str, body: NewSanction
    ) -> SanctionView:
        """Let somebody not write for a while, or ban them from the channel; at once.

        A ban is the channel's own: who is banned may neither watch nor follow.
        """
        asker = asker_of(call)
        with explained():
            if body.kind is SanctionKind.TIMEOUT:
                if body.seconds is None or body.seconds > TIMEOUT_S_MAX:
                    text = f"expected 1 to {TIMEOUT_S_MAX}"
                    raise INVALID.because(errors=[FieldError("seconds", text)])
                made = await self._sanctions.time_out(
                    channel,
                    asker,
                    body.account_id,
                    body.seconds,
                    body.reason,
                    clears=body.clears,
                )
            else:
                seconds = body.seconds
                ends_at_ms = None if seconds is None else self._clock() + seconds * 1000
                made = await self._sanctions.ban(
                    channel, asker, body.account_id, body.reason, ends_at_ms, clears=body.clears
                )
        return sanction_view(made)

    @operation(
        "DELETE",
        "/channels/{channel}/chat/sanctions/{account}",
        tag="chat-moderation",
        access=USER,
        scope="chat:moderate",
        problems=REFUSALS,
    )
    async def lift_chat_sanction(self, call: Call, channel: str, account: str) -> None:
        """Let somebody write again: timeouts and bans of theirs end."""
        with explained():
            await self._sanctions.lift(channel, asker_of(call), account)

    @operation(
        "DELETE",
        "/channels/{channel}/chat/messages",
        tag="chat-moderation",
        access=USER,
        scope="chat:moderate",
        status=200,
        problems=REFUSALS,
    )
    async def clear_chat(self, call: Call, channel: str) -> ClearedView:
        """Take away all that was said in a room."""
        with explained():
            return ClearedView(count=await self._deletion.clear(channel, asker_of(call), None))

    @operation(
        "DELETE",
        "/channels/{channel}/chat/authors/{account}",
        tag="chat-moderation",
        access=USER,
        scope="chat:moderate",
        status=200,
        problems=REFUSALS,
    )
    async def clear_chat_author(self, call: Call, channel: str, account: str) -> ClearedView:
        """Take away all that somebody has said in a room."""
        with explained():
            return ClearedView(count=await self._deletion.clear(channel, asker_of(call), account))

    @operation(
        "GET",
        "/channels/{channel}/chat/filters",
        tag="chat-moderation",
        access=USER,
        scope="chat:moderate",
        problems=REFUSALS,
    )
    async def list_chat_filters(self, call: Call, channel: str) -> Listing[FilterView]:
        """List a room's filters, the oldest first."""
        with explained():
            found = await self._filters.of_channel(channel, asker_of(call))
        return Listing[FilterView].of(Page(found, None), _filter_view)

    @operation(
        "POST",
        "/channels/{channel}/chat/filters",
        tag="chat-moderation",
        access=USER,
        scope="chat:moderate",
        status=201,
        creates=True,
        problems=WRITE_REFUSALS,
    )
    async def add_chat_filter(self, call: Call, channel: str, body: NewFilter) -> FilterView:
        """Filter a word, a part of one, or a domain.

        Case, accents and letters that look alike make no difference.
        """
        with explained():
            made = await self._filters.add(channel, asker_of(call), body.kind, body.pattern)
        return _filter_view(made)

    @operation(
        "DELETE",
        "/channels/{channel}/chat/filters/{filter_id}",
        tag="chat-moderation",
        access=USER,
        scope="chat:moderate",
        problems=REFUSALS,
    )
    async def remove_chat_filter(self, call: Call, channel: str, filter_id: str) -> None:
        """Take a filter back."""
        with explained():
            await self._filters.remove(channel, asker_of(call), filter_id)

    @operation(
        "GET",
        "/channels/{channel}/chat/log",
        tag="chat-moderation",
        access=USER,
        scope="chat:moderate",
        problems=REFUSALS,
    )
    async def list_chat_log(
        self, call: Call, channel: str, query: PageQuery
    ) -> Listing[LogEntryView]:
        """List what moderators did, the newest first; kept for some months."""
        cursor = read_cursor(query, int, str)
        with explained():
            page = await self._log.page(channel, asker_of(call), cursor, query.limit)
        return Listing[LogEntryView].of(page, log_entry_view)

    @operation("GET", "/admin/chat/reports", tag="administration", access=ADMIN, scope="admin")
    async def list_chat_reports(self, call: Call, query: ReportsQuery) -> Listing[ReportView]:  # noqa: ARG002 - all administrators see the same
        """List messages that were reported, the newest first."""
        cursor = read_cursor(query, int, str)
        page = await self._reports.page(open_only=query.open, cursor=cursor, limit=query.limit)
        return Listing[ReportView].of(page, _report_view)

    @operation(
        "POST",
        "/admin/chat/reports/{report}/close",
        tag="administration",
        access=ADMIN,
        scope="admin",
        status=204,
        problems=(NOT_FOUND,),
    )
    async def close_chat_report(self, call: Call, report: str) -> None:
        """Say that a report was looked at."""
        with explained():
            await self._reports.close(report, asker_of(call))


def _filter_view(kept: KeptFilter) -> FilterView:
    return FilterView(
        id=kept.id, kind=kept.filter.kind, pattern=kept.filter.pattern, since=kept.since_ms
    )


def _report_view(report: Report) -> ReportView:
    return ReportView(
        id=report.id,
        at=report.at_ms,
        channel=channel_card(report.channel),
        message_id=str(report.message_id),
        is_there=report.is_there,
        author=person_view(report.author),
        text=report.text,
        reporter=None if report.reporter is None else person_view(report.reporter),
        reason=report.reason,
        closed_at=report.closed_at_ms,
        closed_by=None if report.closed_by is None else person_view(report.closed_by),
    )
