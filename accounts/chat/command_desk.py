"""CommandDesk: does what commands ask, as pages would, and answers in a sentence."""

from dataclasses import dataclass
from typing import Final, assert_never

from accounts.channels.errors import ChannelsError
from accounts.channels.moderators import Moderators
from accounts.channels.sight import Asker
from accounts.chat.command import (
    Ban,
    ChatCommand,
    Clear,
    Delete,
    Followers,
    Help,
    Me,
    Mod,
    Slow,
    Timeout,
    Unban,
    Unmod,
    help_text,
)
from accounts.chat.context import ChatContext
from accounts.chat.deletion import Deletion
from accounts.chat.refusal import RefusalCode, RefusedError, refused
from accounts.chat.rules_desk import RulesDesk, RulesEdit
from accounts.chat.sanctions import Sanctions
from accounts.chat.speakers import Place
from accounts.chat.voices import Voice
from accounts.storage.ids import is_id


@dataclass(frozen=True, slots=True)
class Reach:
    """Which commands a token reaches, whatever its account may do; a log-in reaches all."""

    moderates: bool = True
    runs_channels: bool = True


ALL_COMMANDS: Final = Reach()


class CommandDesk:
    """Owned by one event loop."""

    def __init__(
        self,
        context: ChatContext,
        *,
        rules: RulesDesk,
        deletion: Deletion,
        sanctions: Sanctions,
        moderators: Moderators,
    ) -> None:
        self._context = context
        self._rules = rules
        self._deletion = deletion
        self._sanctions = sanctions
        self._moderators = moderators

    async def do(self, asker: Asker, place: Place, command: ChatCommand, reach: Reach) -> str:
        """Do it; return what the sender is told. Raises RefusedError, StorageError."""
        if isinstance(command, Help):
            return help_text(for_staff=place.speaker.is_staff)
        if not place.speaker.is_staff:
            raise refused(RefusalCode.NOT_ALLOWED)
        is_of_people = isinstance(command, Mod | Unmod)
        if not (reach.runs_channels if is_of_people else reach.moderates):
            raise refused(RefusalCode.NOT_ALLOWED, more="Your token does not reach this command.")
        try:
            return await self._do(asker, place, command)
        except ChannelsError as error:
            text = str(error)
            raise refused(RefusalCode.NOT_ALLOWED, more=f"{text[:1].upper()}{text[1:]}.") from None

    async def _do(self, asker: Asker, place: Place, command: ChatCommand) -> str:
        channel = place.channel
        match command:
            case Me() | Help():
                raise ValueError("expected a command of moderators")
            case Timeout(name, seconds, reason):
                voice = self._voice(place, name)
                await self._sanctions.time_out(
                    channel, asker, voice.account_id, seconds, reason, clears=True
                )
                return f"{voice.display_name} may not write for {seconds} seconds."
            case Ban(name, reason):
                voice = self._voice(place, name)
                await self._sanctions.ban(
                    channel, asker, voice.account_id, reason, None, clears=True
                )
                return f"{voice.display_name} is banned."
            case Unban(name):
                voice = await self._lifted(asker, place, name)
                return f"{voice.display_name} may write again."
            case Delete(message_id):
                await self._deletion.delete(channel, asker, int(message_id[:18]))
                return "The message is gone."
            case Clear(name):
                account_id = None if name is None else self._voice(place, name).account_id
                count = await self._deletion.clear(channel, asker, account_id)
                return f"Messages taken away: {count}."
            case Slow(seconds):
                await self._rules.edit(channel, asker, RulesEdit(values={"slow_mode_s": seconds}))
                return f"Slow mode: {seconds} seconds." if seconds else "Slow mode is off."
            case Followers(minutes):
                edit = RulesEdit(values={"followers_only_min": minutes})
                await self._rules.edit(channel, asker, edit)
                if minutes is None:
                    return "Everybody may write."
                return f"Only who has followed for {minutes} minutes may write."
            case Mod(name):
                voice = self._voice(place, name)
                await self._moderators.put(channel, asker, voice.account_id)
                self._context.speakers.forget(
                    channel_id=place.channel_id, account_id=voice.account_id
                )
                return f"{voice.display_name} moderates."
            case Unmod(name):
                voice = self._voice(place, name)
                await self._moderators.remove(channel, asker, voice.account_id)
                self._context.speakers.forget(
                    channel_id=place.channel_id, account_id=voice.account_id
                )
                return f"{voice.display_name} moderates no more."
            case _:
                assert_never(command)

    async def _lifted(self, asker: Asker, place: Place, name: str) -> Voice:
        """Lift what is imposed on somebody, who may not have spoken for long."""
        try:
            voice = self._voice(place, name)
        except RefusedError:
            page = await self._sanctions.page(place.channel, asker, None, None, 100)
            found = {
                each.person.account_id: each.person.display_name
                for each in page.items
                if each.person.display_name.casefold() == name.casefold()
            }
            if len(found) != 1:
                raise
            ((account_id, display_name),) = found.items()
            voice = Voice(account_id, display_name)
        await self._sanctions.lift(place.channel, asker, voice.account_id)
        return voice

    def _voice(self, place: Place, name: str) -> Voice:
        """Return who is meant, among those who have spoken here lately; or by id."""
        if is_id(name, "acc"):
            return Voice(name, name)
        found = self._context.voices.named(place.channel_id, name)
        if not found:
            raise refused(RefusalCode.UNKNOWN, more="Nobody of this name has written here lately.")
        if len(found) > 1:
            ids = ", ".join(each.account_id for each in found[:5])
            raise refused(RefusalCode.UNKNOWN, more=f"Several are called so: {ids}.")
        return found[0]
