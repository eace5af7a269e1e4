"""Chat: /channels/{channel}/chat, its rules, what is said there and what was."""

from typing import Final

from pydantic import Field

from accounts.api.model import ApiModel
from accounts.api.operation import ANYBODY, USER, Answer, Call, operation
from accounts.api.problem import INVALID, NOT_FOUND, FieldError
from accounts.api.resources.channel_problems import (
    REFUSALS,
    WRITE_REFUSALS,
    asker_of,
    explained,
    revision_check,
)
from accounts.api.resources.channel_views import revision_tag
from accounts.api.resources.chat_problems import SAYING_REFUSALS, said_or_explained
from accounts.api.resources.chat_views import (
    ChatEdit,
    ChatHistory,
    ChatSaid,
    ChatView,
    NewChatMessage,
    chat_view,
    message_view,
)
from accounts.api.throttle import Throttle
from accounts.channels.written_text import REASON_CHARACTERS
from accounts.chat.command_desk import Reach
from accounts.chat.deletion import Deletion
from accounts.chat.history import History, Span
from accounts.chat.reports import Reports
from accounts.chat.rules_desk import RoomSight, RulesDesk, RulesEdit
from accounts.chat.speech import Speech, message_number

_READING: Final = Throttle("chat-history", burst=60, per_minute=600)
_MODERATION_SCOPE: Final = "chat:moderate"
_NUMBER: Final = r"^[0-9]{1,18}$"
_FIELDS: Final = {
    "enabled": "is_enabled",
    "slow_mode_s": "slow_mode_s",
    "followers_only_minutes": "followers_only_min",
    "verified_only": "verified_only",
    "links_allowed": "links_allowed",
}


class ChatHistoryQuery(ApiModel):
    """Which messages; the newest first, unless `after` or `broadcast` is there."""

    limit: int = Field(50, ge=1, le=100, description="How many at most.")
    before: str | None = Field(None, pattern=_NUMBER, description="Those older than this message.")
    after: str | None = Field(
        None, pattern=_NUMBER, description="Those newer than this message, the oldest first."
    )
    broadcast: str | None = Field(
        None, max_length=40, description="Those of one broadcast, the oldest first."
    )
    from_ms: int | None = Field(
        None, ge=0, lt=2**53, description="Of that broadcast, from this media time on."
    )


class ReportFields(ApiModel):
    """Why a message should be looked at."""

    reason: str = Field("", max_length=REASON_CHARACTERS)


class ChatResource:
    """Rooms."""

    def __init__(
        self,
        rules: RulesDesk,
        speech: Speech,
        history: History,
        deletion: Deletion,
        reports: Reports,
    ) -> None:
        self._rules = rules
        self._speech = speech
        self._history = history
        self._deletion = deletion
        self._reports = reports

    @operation(
        "GET",
        "/channels/{channel}/chat",
        tag="chat",
        access=ANYBODY,
        scope="channels:read",
        takes_leave=True,
        has_etag=True,
        problems=(NOT_FOUND,),
    )
    async def get_chat(self, call: Call, channel: str) -> Answer[ChatView]:
        """Show a channel's room: its rules, and whether the caller may write there."""
        with explained():
            return _answer(await self._rules.see(channel, asker_of(call), call.leave))

    @operation(
        "PATCH",
        "/channels/{channel}/chat",
        tag="chat",
        access=USER,
        scope="chat:moderate",
        edits=True,
        has_etag=True,
        problems=REFUSALS,
    )
    async def edit_chat(self, call: Call, channel: str, body: ChatEdit) -> Answer[ChatView]:
        """Change a room's rules; its moderators and owner may."""
        asker = asker_of(call)
        values = {_FIELDS[name]: getattr(body, name) for name in body.model_fields_set}
        with explained():
            await self._rules.edit(
                channel, asker, RulesEdit(values=values), revision_check(call.precondition)
            )
            return _answer(await self._rules.see(channel, asker))

    @operation(
        "GET",
        "/channels/{channel}/chat/messages",
        tag="chat",
        access=ANYBODY,
        scope="channels:read",
        takes_leave=True,
        problems=REFUSALS,
        throttle=_READING,
    )
    async def list_chat_messages(
        self, call: Call, channel: str, query: ChatHistoryQuery
    ) -> ChatHistory:
        """Read what was said in a room.

        Messages that were taken away are not there. For a replay, ask for those of a broadcast
        from a media time on.
        """
        if query.before is not None and query.after is not None:
            raise INVALID.because(errors=[FieldError("?after", "expected it or before, not both")])
        span = Span(
            limit=query.limit,
            before=None if query.before is None else int(query.before),
            after=None if query.after is None else int(query.after),
            broadcast_id=query.broadcast,
            from_ms=query.from_ms,
        )
        with explained():
            found, more = await self._history.page(channel, asker_of(call), span, call.leave)
        return ChatHistory(items=tuple(map(message_view, found)), more=more)

    @operation(
        "POST",
        "/channels/{channel}/chat/messages",
        tag="chat",
        access=USER,
        scope="chat:write",
        status=201,
        creates=True,
        problems=SAYING_REFUSALS,
    )
    async def say_in_chat(self, call: Call, channel: str, body: NewChatMessage) -> ChatSaid:
        """Say something in a room, or give a command such as `/help`.

        Answered once it is safely written. Where it is refused, `retryAfterS` says when the same
        may be said, if waiting is all that it takes. For commands of moderators, a personal token
        needs the scope that the operations for the same need.
        """
        reach = Reach(
            moderates=call.caller.has_scope(_MODERATION_SCOPE),
            runs_channels=call.caller.has_scope("channels:write"),
        )
        with said_or_explained():
            said = await self._speech.say(asker_of(call), channel, body.text, body.reply_to, reach)
        message = None if said.message is None else message_view(said.message)
        return ChatSaid(message=message, answer=said.answer)

    @operation(
        "DELETE",
        "/channels/{channel}/chat/messages/{message}",
        tag="chat",
        access=USER,
        scope="chat:write",
        problems=REFUSALS,
    )
    async def delete_chat_message(self, call: Call, channel: str, message: str) -> None:
        """Take a message away: one's own, or, as a moderator, anybody's.

        For anybody's, a personal token needs the scope `chat:moderate`, too.
        """
        may_moderate = call.caller.has_scope(_MODERATION_SCOPE)
        with explained():
            await self._deletion.delete(
                channel, asker_of(call), _number(message), may_moderate=may_moderate
            )

    @operation(
        "POST",
        "/channels/{channel}/chat/messages/{message}/reports",
        tag="chat",
        access=USER,
        scope="chat:write",
        status=204,
        problems=WRITE_REFUSALS,
    )
    async def report_chat_message(
        self, call: Call, channel: str, message: str, body: ReportFields
    ) -> None:
        """Report a message to the server's administrators."""
        with explained():
            await self._reports.add(channel, asker_of(call), _number(message), body.reason)


def _answer(sight: RoomSight) -> Answer[ChatView]:
    shown = chat_view(sight)
    return Answer(shown, etag=revision_tag(sight.rules.revision, shown))


def _number(text: str) -> int:
    found = message_number(text)
    if found is None:
        raise NOT_FOUND.because("There is no such message.")
    return found
