"""`rillcast demo`: publish a generated show to a running server."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from types import FrameType
from typing import Annotated

import typer

from config.cli.flag import ConfigFlag, DataFlag, fail, settings_from_flags
from config.data_folder import DATABASE_NAME
from config.settings import RillcastSettings
from config.wiring import key_file_of
from demo import DemoError, DemoPublisher, DemoShow, PictureSize
from ingest.keys import KeyFileError

_ADVICE = "start the server first, or give --data, --channel or --key"


def demo(
    url: Annotated[
        str | None, typer.Option(metavar="URL", help="RTMP server [this machine's, /live].")
    ] = None,
    channel: Annotated[
        str | None, typer.Option(help="Channel to publish to [demo; without accounts, studio].")
    ] = None,
    key: Annotated[
        str | None,
        typer.Option(metavar="KEY", envvar="RILLCAST_DEMO_KEY", help="Stream key, if not that."),
    ] = None,
    size: Annotated[str, typer.Option(metavar="WxH", help="Picture size.")] = "1280x720",
    fps: Annotated[int, typer.Option(help="Frames a second.")] = 30,
    bitrate: Annotated[int, typer.Option(metavar="KBPS", help="Video kilobits a second.")] = 2500,
    seconds: Annotated[
        float | None, typer.Option(metavar="N", help="Stop after this time [never].")
    ] = None,
    data: DataFlag = None,
    config: ConfigFlag = None,
) -> None:
    """Publish a picture with a running clock, and a tone, until Ctrl-C."""
    settings = settings_from_flags(config, data)
    try:
        show = DemoShow(
            size=PictureSize.parse(size),
            frames_per_s=fps,
            video_bps=bitrate * 1000,
            duration_s=seconds,
        )
        server_url = url or f"rtmp://127.0.0.1:{settings.rtmp.port}/live"
        if not server_url.startswith(("rtmp://", "rtmps://")):
            fail(f"--url: expected rtmp://HOST/live or rtmps://HOST/live, got {server_url!r}")
        with _key_of(settings, channel) if key is None else nullcontext(key) as stream_key:
            _publish(server_url, stream_key, show)
    except (ValueError, KeyFileError, DemoError) as error:
        fail(str(error))
    except KeyboardInterrupt:
        typer.echo("Stopped.")


def _publish(server_url: str, stream_key: str, show: DemoShow) -> None:
    typer.echo(f"Publishing {show.size} at {show.frames_per_s} fps to {server_url}. Ctrl-C stops.")
    publisher = DemoPublisher(server_url, stream_key, show)
    try:
        with _stopped_by_signals(publisher):
            publisher.run()
        typer.echo("Stopped.")
    finally:
        if publisher.skipped_frames:
            typer.echo(
                f"This machine is too slow for {show.size} at {show.frames_per_s} fps: "
                f"{publisher.skipped_frames} pictures were skipped. Try --size 640x360."
            )


@contextmanager
def _stopped_by_signals(publisher: DemoPublisher) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end the show, so that its key is taken back; a second one at once.

    An exception out of a signal would be lost where it falls into code of the encoder's library.
    """

    def stop(number: int, _frame: FrameType | None) -> None:
        publisher.stop()
        signal.signal(number, signal.default_int_handler)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _key_of(settings: RillcastSettings, channel: str | None) -> Iterator[str]:
    """Find a key in the data folder, or have one made there while the demo runs."""
    if settings.accounts.enabled:
        if not settings.accounts.database.url and not (settings.data / DATABASE_NAME).exists():
            fail(f"{settings.data}: has no accounts yet; {_ADVICE}")
        from config.cli.demo_channel import demo_key  # noqa: PLC0415 - takes half a second

        with demo_key(settings, channel) as stream_key:
            yield stream_key
        return
    name = channel or settings.channel
    found = key_file_of(settings).keys().get(name)
    if found is None:
        fail(f"{settings.data}: holds no key of the channel {name!r}; {_ADVICE}")
    yield found.reveal()
