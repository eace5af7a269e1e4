"""What the server says when it is ready: where to publish, with which key, and where to watch."""

from importlib.metadata import version

from config.listen_address import format_listen_address
from config.settings import RillcastSettings
from config.wiring import RillcastServer, key_file_of

_EVERYWHERE = {"", "0.0.0.0", "::"}  # noqa: S104 - compared with, not listened on
_RTMP_PORT, _HTTP_PORT = 1935, 80


def greeting(settings: RillcastSettings, server: RillcastServer) -> str:
    """Write the lines that a streamer copies into an encoder and a browser."""
    rtmp = _url("rtmp", settings.rtmp.host, server.rtmp_port, _RTMP_PORT) + "/live"
    web = _url("http", settings.http.host, server.http_port, _HTTP_PORT)
    if settings.open:
        publish = [
            f"  Publish  {rtmp}/NAME   (no key needed: anybody who reaches this address can)",
            f"  Watch    {web}/NAME",
        ]
    else:
        stream_key = key_file_of(settings).ensure(settings.channel)
        publish = [
            f"  Server   {rtmp}",
            f"  Key      {stream_key.reveal()}   (secret; for the channel {settings.channel!r})",
            f"  Watch    {web}/{settings.channel}",
        ]
    return "\n".join(
        [
            f"Rillcast {version('rillcast')} is ready.",
            "",
            *publish,
            f"  Home     {web}/",
            "",
            "No encoder at hand? In another terminal: make demo   (or: rillcast demo)",
            "Ctrl-C stops.",
        ]
    )


def _url(scheme: str, host: str, port: int, usual_port: int) -> str:
    shown = "localhost" if host in _EVERYWHERE else host
    place = shown if port == usual_port and ":" not in shown else format_listen_address(shown, port)
    return f"{scheme}://{place}"
