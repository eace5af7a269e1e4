"""`rillcast demo`: publish a generated show to a running server."""

from typing import Annotated

import typer

from config.cli.flag import ConfigFlag, DataFlag, fail, settings_from_flags
from config.wiring import key_file_of
from demo import DemoError, DemoPublisher, DemoShow, PictureSize
from ingest.keys import KeyFileError


def demo(
    url: Annotated[
        str | None, typer.Option(metavar="URL", help="RTMP server [this machine's, /live].")
    ] = None,
    channel: Annotated[
        str | None, typer.Option(help="Channel whose key the data folder holds [studio].")
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
        if key is None:
            name = channel or settings.channel
            stream_key = key_file_of(settings).keys().get(name)
            if stream_key is None:
                fail(
                    f"{settings.data}: holds no key of the channel {name!r}; start the server "
                    "first, or give --data, --channel or --key"
                )
            key = stream_key.reveal()
        server_url = url or f"rtmp://127.0.0.1:{settings.rtmp.port}/live"
        typer.echo(f"Publishing {show.size} at {fps} fps to {server_url}. Ctrl-C stops.")
        publisher = DemoPublisher(server_url, key, show)
        try:
            publisher.run()
        finally:
            if publisher.skipped_frames:
                typer.echo(
                    f"This machine is too slow for {show.size} at {fps} fps: "
                    f"{publisher.skipped_frames} pictures were skipped. Try --size 640x360."
                )
    except (ValueError, KeyFileError, DemoError) as error:
        fail(str(error))
    except KeyboardInterrupt:
        typer.echo("Stopped.")
