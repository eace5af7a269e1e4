"""Probe: follow a presentation from a terminal, with a live table and a summary."""

import asyncio
import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

from rich.console import Console
from rich.live import Live
from rich.text import Text

from conformance.errors import TargetError
from conformance.follow_settings import FollowSettings
from conformance.following import follow
from conformance.report import Report
from conformance.table import draw_report, draw_summary


class ProbeExit(IntEnum):
    """The exit codes of a probe and of a validation."""

    CLEAN = 0
    RULES_BROKEN = 1
    NO_TARGET = 2


async def probe(
    url: str,
    *,
    duration_s: float | None,
    console: Console,
    as_json: bool = False,
    settings: FollowSettings | None = None,
) -> int:
    """Follow `url` until it ends, for `duration_s`, or until Ctrl-C; return an exit code.

    Draws a table on `console` while it runs if that is a terminal, and a summary in the end; with
    `as_json` only the report, as JSON. Warnings alone leave the exit code 0. A target that cannot
    be followed at all is told in one line.
    """
    settings = settings or FollowSettings(checks_actively=True)
    stop = asyncio.Event()
    try:
        with ctrl_c_sets(stop):
            if as_json or not console.is_terminal:
                report = await follow(url, duration_s=duration_s, settings=settings, stop=stop)
            else:
                report = await _follow_on_screen(url, duration_s, console, settings, stop)
    except TargetError as exc:
        if as_json:
            console.print_json(json.dumps({"url": url, "error": str(exc)}))
        else:
            console.print(Text(str(exc), style="bold red"), soft_wrap=True)
        return ProbeExit.NO_TARGET
    if as_json:
        console.print_json(json.dumps(report.to_json()))
    else:
        console.print(draw_summary(report), soft_wrap=True)  # addresses stay whole for copying
    return ProbeExit.RULES_BROKEN if report.errors else ProbeExit.CLEAN


async def _follow_on_screen(
    url: str,
    duration_s: float | None,
    console: Console,
    settings: FollowSettings,
    stop: asyncio.Event,
) -> Report:
    # Transient: the summary takes the table's place. Drawn by us, so no thread refreshes it.
    with Live(console=console, transient=True, auto_refresh=False) as screen:
        return await follow(
            url,
            duration_s=duration_s,
            settings=settings,
            observer=lambda report: screen.update(draw_report(report), refresh=True),
            stop=stop,
        )


@contextmanager
def ctrl_c_sets(stop: asyncio.Event) -> Iterator[None]:
    """Let the first Ctrl-C end a run in order; a second one is Python's own again."""
    loop = asyncio.get_running_loop()

    def set_once() -> None:
        loop.remove_signal_handler(signal.SIGINT)
        stop.set()

    try:
        loop.add_signal_handler(signal.SIGINT, set_once)
    except (NotImplementedError, RuntimeError, ValueError):
        yield  # not the main thread, or Windows: Ctrl-C raises KeyboardInterrupt as ever
        return
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)
