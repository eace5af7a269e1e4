"""What `rillcast key` does on a server with accounts, where a channel has keys with names.

Keys are kept as digests: one can be made, replaced and voided, but never shown again.
"""

from collections.abc import Sequence

import typer

from accounts.channels.errors import ChannelsError
from accounts.channels.stream_keys import StreamKey
from config.cli.channels_at_work import OPERATOR, ChannelsAtWork, with_channels
from config.cli.columns import print_columns
from config.settings import RillcastSettings

_NAME = "made by the operator"


def list_channel_keys(settings: RillcastSettings, channel: str) -> None:
    """Print a channel's keys without their secrets."""

    async def work(side: ChannelsAtWork) -> Sequence[StreamKey]:
        return await side.keys.of_channel(channel, OPERATOR)

    print_columns(
        [
            (
                key.id,
                f"{key.start}...",
                "never used" if key.last_used_at_ms is None else "used",
                key.name,
            )
            for key in with_channels(settings, work)
        ]
    )


def add_channel_key(settings: RillcastSettings, channel: str, name: str | None) -> None:
    """Make a key and print it, this once."""

    async def work(side: ChannelsAtWork) -> str:
        _, made = await side.keys.create(channel, OPERATOR, name or _NAME)
        return made.reveal()

    typer.echo(with_channels(settings, work))


def renew_channel_key(settings: RillcastSettings, channel: str, name: str | None) -> None:
    """Put a new secret in the place of a key's old one, and print it, this once."""

    async def work(side: ChannelsAtWork) -> str:
        key = await _the_key(side, channel, name)
        _, made = await side.keys.rotate(channel, OPERATOR, key.id)
        return made.reveal()

    typer.echo(with_channels(settings, work))


def remove_channel_key(settings: RillcastSettings, channel: str, name: str | None) -> None:
    """Void a key."""

    async def work(side: ChannelsAtWork) -> None:
        key = await _the_key(side, channel, name)
        await side.keys.revoke(channel, OPERATOR, key.id)

    with_channels(settings, work)


async def _the_key(side: ChannelsAtWork, channel: str, name: str | None) -> StreamKey:
    """Find a key by its name or id, or the only one. Raises ChannelsError."""
    keys = await side.keys.of_channel(channel, OPERATOR)
    found = [key for key in keys if name in {None, key.name, key.id}]
    if len(found) == 1:
        return found[0]
    if not found:
        raise ChannelsError(f"{channel}: has no such key")
    raise ChannelsError(f"{channel}: has {len(found)} such keys; say which by --name NAME or ID")
