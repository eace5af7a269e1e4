"""What the server says when it is ready: where to publish, with which key, and where to watch."""

from importlib.metadata import version

from config.listen_address import format_listen_address
from config.settings import RillcastSettings
from config.wiring import RillcastServer, key_file_of

_EVERYWHERE = {"", "0.0.0.0", "::"}  # noqa: S104 - compared with, not listened on
_RTMP_PORT, _RTMPS_PORT, _HTTP_PORT = 1935, 443, 80


def greeting(settings: RillcastSettings, server: RillcastServer, *, is_private: bool) -> str:
    """Write the lines that a streamer copies into an encoder and a browser.

    The key is shown when it was made at this start, and whenever `is_private`: what goes into a
    file or a journal at every start of a service is read by others.
    """
    rtmp = _url("rtmp", settings.rtmp.host, server.rtmp_port, _RTMP_PORT) + "/live"
    here = _url("http", settings.http.host, server.http_port, _HTTP_PORT)
    web = settings.accounts.public_url or here
    servers = [f"  Server   {rtmp}"]
    tls = settings.rtmp.tls
    if tls is not None and server.rtmps_port is not None:
        rtmps = _url("rtmps", tls.host, server.rtmps_port, _RTMPS_PORT) + "/live"
        servers.append(f"  or       {rtmps}   (with TLS)")
    if settings.open:
        servers[0] = (
            f"  Publish  {rtmp}/NAME   (no key needed: anybody who reaches this address can)"
        )
        publish = [*servers, f"  Watch    {web}/NAME"]
    elif settings.accounts.enabled:
        publish = [*servers, f"  Keys     {web}/dashboard   (each channel has its own)"]
        if server.set_up_link is not None:
            publish.insert(0, f"  Set up   {server.set_up_link}   (once: makes the administrator)")
    else:
        key = _key_text(settings, is_shown=is_private or server.has_made_key)
        publish = [*servers, f"  Key      {key}", f"  Watch    {web}/{settings.channel}"]
    return "\n".join(
        [
            f"Rillcast {version('rillcast')} is ready.",
            "",
            *publish,
            f"  Home     {web}/",
            *(
                []
                if web == here
                else [f"  Listens  {here}   (where a proxy before it sends requests)"]
            ),
            "",
            "No encoder at hand? In another terminal: make demo   (or: rillcast demo)",
            "Ctrl-C stops.",
        ]
    )


def _key_text(settings: RillcastSettings, *, is_shown: bool) -> str:
    if not is_shown:
        return "is in the data folder; `rillcast key list` prints it"
    stream_key = key_file_of(settings).ensure(settings.channel)
    return f"{stream_key.reveal()}   (secret; for the channel {settings.channel!r})"


def _url(scheme: str, host: str, port: int, usual_port: int) -> str:
    shown = "localhost" if host in _EVERYWHERE else host
    place = shown if port == usual_port and ":" not in shown else format_listen_address(shown, port)
    return f"{scheme}://{place}"
