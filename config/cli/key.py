"""`rillcast key`: the stream keys in the data folder, or, with accounts, those of channels."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from config.cli.channel_keys import (
    add_channel_key,
    list_channel_keys,
    remove_channel_key,
    renew_channel_key,
)
from config.cli.columns import print_columns
from config.cli.flag import ConfigFlag, DataFlag, SetFlag, fail, settings_from_flags
from config.wiring import key_file_of
from ingest.keys import KeyFileError

key = typer.Typer(help="Show, make and void stream keys.", no_args_is_help=True)
ChannelArgument = Annotated[str, typer.Argument(metavar="CHANNEL", help="The channel's name.")]
NameFlag = Annotated[
    str | None,
    typer.Option("--name", help="Which key, where a channel has several: with accounts."),
]


@key.command("list")
def list_keys(
    channel: Annotated[
        str | None, typer.Argument(metavar="[CHANNEL]", help="Whose keys: with accounts.")
    ] = None,
    data: DataFlag = None,
    config: ConfigFlag = None,
    assignments: SetFlag = None,
) -> None:
    """Print every channel with its key; with accounts, a channel's keys without their secrets."""
    settings = settings_from_flags(config, data, assignments=assignments)
    if settings.accounts.enabled:
        if channel is None:
            fail("which channel's keys? `rillcast channel list` prints the channels")
        list_channel_keys(settings, channel)
        return
    with _explained():
        keys = key_file_of(settings).keys()
    if not keys:
        typer.echo("No keys yet. `rillcast key add CHANNEL` makes one.")
    print_columns(
        [
            (name, stream_key.reveal())
            for name, stream_key in sorted(keys.items())
            if channel in {None, name}
        ]
    )


@key.command("add")
def add_key(
    channel: ChannelArgument,
    name: NameFlag = None,
    data: DataFlag = None,
    config: ConfigFlag = None,
    assignments: SetFlag = None,
) -> None:
    """Make a key for a channel, or print the one that it has; with accounts, another one."""
    settings = settings_from_flags(config, data, assignments=assignments)
    if settings.accounts.enabled:
        add_channel_key(settings, channel, name)
        return
    with _explained():
        typer.echo(key_file_of(settings).ensure(channel).reveal())


@key.command("renew")
def renew_key(
    channel: ChannelArgument,
    name: NameFlag = None,
    data: DataFlag = None,
    config: ConfigFlag = None,
    assignments: SetFlag = None,
) -> None:
    """Replace a channel's key: the old one is void at once.

    A running show goes on; with accounts, its publisher has to come back with the new key.
    """
    settings = settings_from_flags(config, data, assignments=assignments)
    if settings.accounts.enabled:
        renew_channel_key(settings, channel, name)
        return
    with _explained():
        typer.echo(key_file_of(settings).renew(channel).reveal())


@key.command("remove")
def remove_key(
    channel: ChannelArgument,
    name: NameFlag = None,
    data: DataFlag = None,
    config: ConfigFlag = None,
    assignments: SetFlag = None,
) -> None:
    """Void a channel's key; with accounts, who publishes with it is cut."""
    settings = settings_from_flags(config, data, assignments=assignments)
    if settings.accounts.enabled:
        remove_channel_key(settings, channel, name)
        return
    with _explained():
        removed = key_file_of(settings).remove(channel)
    if not removed:
        fail(f"{channel}: has no key")


@contextmanager
def _explained() -> Iterator[None]:
    """End the command with what is wrong with the key file."""
    try:
        yield
    except KeyFileError as error:
        fail(str(error))
