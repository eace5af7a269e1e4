"""`rillcast validate`: hold a live playlist or manifest against every rule."""

import asyncio
from typing import Annotated

import typer
from rich.console import Console

from config.open_files import raise_open_file_limit
from conformance.validation import MANY_WAITERS
from conformance.validation import validate as run_validation


def validate(
    url: Annotated[
        str, typer.Argument(metavar="URL", help="A live HLS playlist (.m3u8) or DASH MPD (.mpd).")
    ],
    seconds: Annotated[
        float, typer.Option(metavar="N", min=1, help="Follow it for this time.")
    ] = 30.0,
    waiters: Annotated[
        int, typer.Option(metavar="N", min=0, max=10_000, help="Viewers who wait for one part.")
    ] = MANY_WAITERS,
    json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Check a live show against HLS, DASH and CMAF; exit 0 if right, 1 if not, 2 if unreachable."""
    raise_open_file_limit()
    code = asyncio.run(
        run_validation(url, duration_s=seconds, console=Console(), as_json=json, waiters=waiters)
    )
    raise typer.Exit(code)
