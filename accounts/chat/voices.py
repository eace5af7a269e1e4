"""Voices: who has spoken in each room lately: for names that are called, and for slow mode."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import func, select

from accounts.chat.message import Message
from accounts.chat.tables import chat_messages
from accounts.people.tables import accounts
from accounts.storage import Database

_ROOMS: Final = 2_000
_PEOPLE_PER_ROOM: Final = 5_000
_READ_BACK: Final = 1_000  # messages, where a room is met for the first time


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody who has spoken."""

    account_id: str
    display_name: str


@dataclass(slots=True)
class _Heard:
    """One room. The latest stand last."""

    said_ms: OrderedDict[str, int] = field(default_factory=OrderedDict)
    names: dict[str, str] = field(default_factory=dict)  # display names by account
    accounts: dict[str, str] = field(default_factory=dict)  # accounts by folded name: the latest

    def note(self, account_id: str, display_name: str, at_ms: int) -> None:
        self.said_ms[account_id] = max(at_ms, self.said_ms.get(account_id, 0))
        self.said_ms.move_to_end(account_id)
        if self.names.get(account_id, display_name) != display_name:
            self._forget_name(account_id)
        self.names[account_id] = display_name
        self.accounts[display_name.casefold()] = account_id
        if len(self.said_ms) > _PEOPLE_PER_ROOM:
            gone, _ = self.said_ms.popitem(last=False)
            self._forget_name(gone)

    def _forget_name(self, account_id: str) -> None:
        """Call nobody by the name that an account had."""
        name = self.names.pop(account_id).casefold()
        if self.accounts.get(name) == account_id:
            del self.accounts[name]


class Voices:
    """Owned by one event loop; told every message."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._rooms: OrderedDict[str, _Heard] = OrderedDict()

    async def listen(self, channel_id: str) -> None:
        """Learn who has spoken in a room, if that is not known yet. Raises StorageError."""
        if channel_id in self._rooms:
            self._rooms.move_to_end(channel_id)
            return
        last = (
            select(chat_messages.c.author_id, chat_messages.c.at_ms)
            .where(chat_messages.c.channel_id == channel_id)
            .order_by(chat_messages.c.id.desc())
            .limit(_READ_BACK)
            .subquery()
        )
        at_ms = func.max(last.c.at_ms)
        async with self._database.reading() as connection:
            rows = (
                await connection.execute(
                    select(last.c.author_id, accounts.c.display_name, at_ms.label("at_ms"))
                    .join(accounts, accounts.c.id == last.c.author_id)
                    .group_by(last.c.author_id, accounts.c.display_name)
                    .order_by(at_ms)
                )
            ).all()
        if channel_id in self._rooms:
            return
        heard = self._rooms[channel_id] = _Heard()
        for row in rows:
            heard.note(row.author_id, row.display_name, row.at_ms)
        if len(self._rooms) > _ROOMS:
            self._rooms.popitem(last=False)

    def note(self, message: Message) -> None:
        """Take in a message that was said."""
        heard = self._rooms.get(message.said.channel_id)
        if heard is not None:
            author = message.said.author
            heard.note(author.account_id, author.display_name, message.said.at_ms)

    def begin(self, channel_id: str, account_id: str, display_name: str, at_ms: int) -> None:
        """Note that somebody is about to speak, so that they do not do so twice at once."""
        self._rooms.setdefault(channel_id, _Heard()).note(account_id, display_name, at_ms)

    def said_ms(self, channel_id: str, account_id: str) -> int | None:
        """Return when somebody last spoke in a room; None if that is long ago."""
        heard = self._rooms.get(channel_id)
        return None if heard is None else heard.said_ms.get(account_id)

    def called(self, channel_id: str) -> dict[str, str]:
        """Return the accounts of a room by their case-folded names; not to be changed."""
        heard = self._rooms.get(channel_id)
        return {} if heard is None else heard.accounts

    def name_of(self, channel_id: str, account_id: str) -> str:
        """Return the name of somebody who has spoken."""
        return self._rooms[channel_id].names[account_id]

    def named(self, channel_id: str, name: str) -> list[Voice]:
        """Return all who have spoken under a name, letters' case aside."""
        heard = self._rooms.get(channel_id)
        folded = name.casefold()
        if heard is None or folded not in heard.accounts:
            return []
        return [
            Voice(account_id, known)
            for account_id, known in heard.names.items()
            if known.casefold() == folded
        ]
