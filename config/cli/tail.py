"""`rillcast tail`: follow what happens on a server from the terminal."""

import asyncio
import json as json_text
from typing import Annotated, Any

import typer
from rich.console import Console

from config.cli.flag import fail
from notify.tail import Disconnected, Tail, TailError

_SHOWN_ELSEWHERE = frozenset({"type", "version", "id", "topics", "at", "channel"})


def tail(
    topics: Annotated[
        list[str], typer.Argument(metavar="TOPIC...", help="channel:NAME, chat:NAME, live or me.")
    ],
    url: Annotated[
        str, typer.Option(metavar="URL", help="The server.", envvar="RILLCAST_URL")
    ] = "http://localhost:8080",
    token: Annotated[
        str | None,
        typer.Option(
            metavar="TOKEN",
            envvar="RILLCAST_TOKEN",
            help="A personal token; better set in RILLCAST_TOKEN, for others see what is typed.",
        ),
    ] = None,
    after: Annotated[
        str | None, typer.Option(metavar="ID", help="Resume behind this event.")
    ] = None,
    count: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Stop after so many events [never].")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print events as they come.")] = False,
) -> None:
    """Print what happens on a server, one event a line, until it is interrupted."""
    try:
        asyncio.run(_follow(Tail(url, topics, token, after), count, as_json=json))
    except TailError as error:
        fail(str(error))
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


async def _follow(following: Tail, count: int | None, *, as_json: bool) -> None:
    complaints = Console(stderr=True, highlight=False, soft_wrap=True)
    seen = 0
    async for event in following.events():
        if isinstance(event, Disconnected):
            complaints.print(f"{event.reason}; trying again", markup=False)
            continue
        line = json_text.dumps(event, ensure_ascii=False) if as_json else _line(event)
        typer.echo(line)
        seen += 1
        if seen == count:
            return


def _line(event: dict[str, Any]) -> str:
    members = " ".join(
        f"{name}={json_text.dumps(value, ensure_ascii=False)}"
        for name, value in event.items()
        if name not in _SHOWN_ELSEWHERE
    )
    # Titles are others' words: without control characters, for a terminal obeys them.
    line = f"{event['at']} {event['type']} {event.get('channel', '')} {members}"
    return "".join(letter for letter in line if letter.isprintable())
