"""`rillcast key`: the stream keys in the data folder."""

from typing import Annotated

import typer

from config.cli.flag import ConfigFlag, DataFlag, fail, settings_from_flags
from config.wiring import key_file_of
from ingest.keys import KeyFileError

key = typer.Typer(help="Show, make and void stream keys.", no_args_is_help=True)
ChannelArgument = Annotated[str, typer.Argument(metavar="CHANNEL", help="The channel's name.")]


@key.command("list")
def list_keys(data: DataFlag = None, config: ConfigFlag = None) -> None:
    """Print every channel with its key."""
    try:
        keys = key_file_of(settings_from_flags(config, data)).keys()
    except KeyFileError as error:
        fail(str(error))
    if not keys:
        typer.echo("No keys yet. `rillcast key add CHANNEL` makes one.")
    for channel, stream_key in sorted(keys.items()):
        typer.echo(f"{channel}  {stream_key.reveal()}")


@key.command("add")
def add_key(channel: ChannelArgument, data: DataFlag = None, config: ConfigFlag = None) -> None:
    """Make a key for a channel, or print the one that it has."""
    try:
        typer.echo(key_file_of(settings_from_flags(config, data)).ensure(channel).reveal())
    except KeyFileError as error:
        fail(str(error))


@key.command("renew")
def renew_key(channel: ChannelArgument, data: DataFlag = None, config: ConfigFlag = None) -> None:
    """Replace a channel's key; the old one is void at once, a running show goes on."""
    try:
        typer.echo(key_file_of(settings_from_flags(config, data)).renew(channel).reveal())
    except KeyFileError as error:
        fail(str(error))


@key.command("remove")
def remove_key(channel: ChannelArgument, data: DataFlag = None, config: ConfigFlag = None) -> None:
    """Void a channel's key."""
    try:
        removed = key_file_of(settings_from_flags(config, data)).remove(channel)
    except KeyFileError as error:
        fail(str(error))
    if not removed:
        fail(f"{channel}: has no key")
