"""`rillcast doctor`: say what is wrong with a set-up before it goes on air."""

import asyncio
from typing import Annotated

import typer

from config.checkup.examination import examine
from config.checkup.result import Grade
from config.cli.flag import (
    ConfigFlag,
    DataFlag,
    HttpFlag,
    OpenAnywhereFlag,
    OpenFlag,
    RtmpFlag,
    SetFlag,
    settings_from_flags,
)
from config.log import configure_log

QuietFlag = Annotated[bool, typer.Option("--quiet", help="Print nothing of what is well.")]


def doctor(
    config: ConfigFlag = None,
    data: DataFlag = None,
    http: HttpFlag = None,
    rtmp: RtmpFlag = None,
    open_: OpenFlag = None,
    open_anywhere: OpenAnywhereFlag = None,
    assignments: SetFlag = None,
    quiet: QuietFlag = False,
) -> None:
    """Check settings, ports, disk, database, certificate, public address and mail.

    Changes nothing, and may be run beside the server. Ends with 1 if something will not work.
    """
    settings = settings_from_flags(config, data, http, rtmp, open_, open_anywhere, assignments)
    configure_log("error", "text")
    results = asyncio.run(examine(settings))
    width = max(len(each.subject) for each in results)
    for each in results:
        if quiet and each.grade is Grade.FINE:
            continue
        typer.echo(f"{each.grade.value:<8} {each.subject:<{width}}  {each.text}")
        if each.to_do:
            typer.echo(f"{'':<8} {'':<{width}}  -> {each.to_do}")
    problems = sum(each.grade is Grade.PROBLEM for each in results)
    if problems:
        typer.echo(f"{problems} problem{'s' if problems > 1 else ''}.")
        raise typer.Exit(1)
    typer.echo("No problems.")
