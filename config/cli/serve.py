"""`rillcast serve`: run the server until it is told to stop."""

import asyncio
import gc
import signal
import sys

import typer
import uvloop

from config.cli.flag import (
    ConfigFlag,
    DataFlag,
    HttpFlag,
    OpenAnywhereFlag,
    OpenFlag,
    RtmpFlag,
    SetFlag,
    fail,
    settings_from_flags,
)
from config.cli.greeting import greeting
from config.garbage_policy import GarbagePolicy
from config.log import configure_log
from config.settings import RillcastSettings
from config.start_error import StartError
from config.wiring import RillcastServer
from ingest.keys import KeyFileError


def serve(
    config: ConfigFlag = None,
    data: DataFlag = None,
    http: HttpFlag = None,
    rtmp: RtmpFlag = None,
    open_: OpenFlag = None,
    open_anywhere: OpenAnywhereFlag = None,
    assignments: SetFlag = None,
) -> None:
    """Run the server: RTMP in, HLS and the web pages out. Ctrl-C drains and ends."""
    settings = settings_from_flags(config, data, http, rtmp, open_, open_anywhere, assignments)
    configure_log(settings.log_level, settings.log_format)
    gc.disable()  # until all is loaded
    try:
        uvloop.run(_run(settings))
    except (StartError, KeyFileError) as error:
        fail(str(error))


async def _run(settings: RillcastSettings) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop() -> None:
        if stopping.is_set():  # asked twice: whoever asks has no patience for viewers
            sys.exit(130)
        stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    server = RillcastServer(settings)
    garbage = GarbagePolicy(server.is_on_air)
    try:
        await server.start()
        typer.echo(greeting(settings, server, is_private=sys.stdout.isatty()))
        sys.stdout.flush()
        await server.load_later()
        garbage.begin(loop.time())
        looking = asyncio.create_task(garbage.run(), name="garbage")
        await stopping.wait()
        looking.cancel()
        typer.echo("Stopping: letting viewers finish what they are loading. Again: Ctrl-C.")
    finally:
        await server.stop()
