"""`rillcast probe`: play a live playlist from the terminal and measure it."""

import asyncio
from typing import Annotated

import typer
from rich.console import Console

from conformance.probe import probe as run_probe


def probe(
    url: Annotated[str, typer.Argument(metavar="URL", help="A live HLS playlist or DASH MPD.")],
    seconds: Annotated[
        float | None, typer.Option(metavar="N", min=1, help="Stop after this time [never].")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the report as JSON at the end.")] = (
        False
    ),
) -> None:
    """Play a live playlist like a low-latency player; show cadence, latency and errors."""
    code = asyncio.run(run_probe(url, duration_s=seconds, console=Console(), as_json=json))
    raise typer.Exit(code)
