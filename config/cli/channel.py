"""`rillcast channel`: channels of people's accounts, for who runs the server."""

from typing import Annotated

import typer

from accounts.channels.channel import Channel, ChannelEdit
from config.cli.channels_at_work import OPERATOR, ChannelsAtWork, with_channels
from config.cli.columns import print_columns
from config.cli.flag import ConfigFlag, DataFlag, SetFlag, fail, settings_from_flags

channel = typer.Typer(help="Make, find, close and delete channels.", no_args_is_help=True)
NameArgument = Annotated[str, typer.Argument(metavar="CHANNEL", help="The channel's name.")]
_PAGE = 100


@channel.command("list")
def list_channels(
    text: Annotated[str, typer.Argument(metavar="[TEXT]", help="Words to search for.")] = "",
    banned: Annotated[bool, typer.Option("--banned", help="Closed ones only.")] = False,
    data: DataFlag = None,
    config: ConfigFlag = None,
    assignments: SetFlag = None,
) -> None:
    """Print channels, the newest first."""

    async def work(side: ChannelsAtWork) -> list[Channel]:
        found: list[Channel] = []
        cursor = None
        while True:
            page = await side.administration.all_channels(
                OPERATOR, text, banned_only=banned, cursor=cursor, limit=_PAGE
            )
            found += page.items
            cursor = page.next
            if cursor is None:
                return found

    found = with_channels(settings_from_flags(config, data, assignments=assignments), work)
    print_columns(
        [
            (
                each.name,
                "closed" if each.banned_at_ms is not None else each.visibility.value,
                "live" if each.live_since_ms is not None else "-",
                each.owner_id,
                each.title,
            )
            for each in found
        ]
    )


@channel.command("add")
def add_channel(
    name: NameArgument,
    owner: Annotated[str, typer.Option("--owner", metavar="EMAIL", help="Whose it is.")],
    title: Annotated[str | None, typer.Option("--title")] = None,
    visibility: Annotated[
        str, typer.Option("--visibility", metavar="public|unlisted|followers|private")
    ] = "public",
    data: DataFlag = None,
    config: ConfigFlag = None,
    assignments: SetFlag = None,
) -> None:
    """Give an account a channel."""
    edit = ChannelEdit(visibility=visibility, title=name if title is None else title)

    async def work(side: ChannelsAtWork) -> str:
        made = await side.channels.create(await side.account_id(owner), name, edit)
        return made.id

    typer.echo(with_channels(settings_from_flags(config, data, assignments=assignments), work))


@channel.command("ban")
def ban_channel(
    name: NameArgument,
    reason: Annotated[str, typer.Option("--reason", help="Shown to its owner.")] = "",
    data: DataFlag = None,
    config: ConfigFlag = None,
    assignments: SetFlag = None,
) -> None:
    """Close a channel: what is live ends, nobody publishes to it or watches it."""

    async def work(side: ChannelsAtWork) -> None:
        await side.administration.ban(name, OPERATOR, reason)

    with_channels(settings_from_flags(config, data, assignments=assignments), work)


@channel.command("unban")
def unban_channel(
    name: NameArgument,
    data: DataFlag = None,
    config: ConfigFlag = None,
    assignments: SetFlag = None,
) -> None:
    """Open a channel again."""

    async def work(side: ChannelsAtWork) -> None:
        await side.administration.unban(name, OPERATOR)

    with_channels(settings_from_flags(config, data, assignments=assignments), work)


@channel.command("cut")
def cut_channel(
    name: NameArgument,
    data: DataFlag = None,
    config: ConfigFlag = None,
    assignments: SetFlag = None,
) -> None:
    """End what is live now; the channel stays open, and may go live again."""

    async def work(side: ChannelsAtWork) -> bool:
        return await side.administration.cut(name, OPERATOR)

    if not with_channels(settings_from_flags(config, data, assignments=assignments), work):
        fail(f"{name}: is not live")


@channel.command("remove")
def remove_channel(
    name: NameArgument,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    data: DataFlag = None,
    config: ConfigFlag = None,
    assignments: SetFlag = None,
) -> None:
    """Delete a channel with its keys, followers and past broadcasts."""
    if not yes:
        typer.confirm(f"Delete {name} and all that belongs to it, for ever?", abort=True)

    async def work(side: ChannelsAtWork) -> None:
        await side.channels.delete(name, OPERATOR)

    with_channels(settings_from_flags(config, data, assignments=assignments), work)
