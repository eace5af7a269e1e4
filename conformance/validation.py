"""Validation: every rule held against a live address, and a report to mend the server by."""

import asyncio
import json

from rich.console import Console
from rich.text import Text

from conformance.errors import TargetError
from conformance.follow_settings import FollowSettings
from conformance.following import follow
from conformance.probe import ProbeExit, ctrl_c_sets
from conformance.verdict import draw_verdict

MANY_WAITERS = 1_000


async def validate(
    url: str,
    *,
    duration_s: float,
    console: Console,
    as_json: bool = False,
    waiters: int = MANY_WAITERS,
    settings: FollowSettings | None = None,
) -> int:
    """Follow `url` for `duration_s`, until its end or until Ctrl-C, and print what is wrong.

    `waiters` viewers wait at once for check 53. Returns 0 if no MUST is broken, 1 if one is, 2 if
    nothing live could be reached. With `as_json` the report is printed as JSON.
    """
    settings = settings or FollowSettings(checks_actively=True, segment_every=1, waiters=waiters)
    stop = asyncio.Event()
    if not as_json and console.is_terminal:
        console.print(Text(f"Following {url} for {duration_s:.0f} s", style="dim"), soft_wrap=True)
    try:
        with ctrl_c_sets(stop):
            report = await follow(url, duration_s=duration_s, settings=settings, stop=stop)
    except TargetError as exc:
        if as_json:
            console.print_json(json.dumps({"url": url, "error": str(exc)}))
        else:
            console.print(Text(str(exc), style="bold red"), soft_wrap=True)
        return ProbeExit.NO_TARGET
    if as_json:
        console.print_json(json.dumps(report.to_json()))
    else:
        console.print(draw_verdict(report), soft_wrap=True)  # addresses stay whole for copying
    return ProbeExit.RULES_BROKEN if report.errors else ProbeExit.CLEAN
