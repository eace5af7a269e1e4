"""MediaPlaylists: which media playlists a channel has, so that viewers can be sent to them."""

import re
import time
import urllib.error
import urllib.request
from urllib.parse import urljoin, urlsplit

from bench.load.hls_viewers import Line

_START_LIMIT_S = 30.0


def viewer_lines(mode: str, viewers: int, url: str) -> list[Line]:
    """Return viewers of a channel who begin with its multivariant playlist, first the video's.

    Each has the session that it finds there. Waits as `media_playlist_paths` does.
    """
    start = urlsplit(url).path
    paths = media_playlist_paths(url)
    return [Line(mode, viewers, path, "" if path == start else start) for path in paths]


def media_playlist_paths(url: str) -> list[str]:
    """Return the paths of a channel's media playlists, first the video's.

    Waits until the channel has one. A URL that is a media playlist itself is the only one.
    """
    text = fetch_when_there(url).decode()
    if "#EXT-X-STREAM-INF" not in text:
        return [urlsplit(url).path]
    video = re.findall(r"^[^#\s].*", text, re.MULTILINE)
    audio = re.findall(r'^#EXT-X-MEDIA:.*URI="([^"]+)"', text, re.MULTILINE)
    paths = [urlsplit(urljoin(url, uri)).path for uri in video + audio]
    return list(dict.fromkeys(paths))


def fetch_when_there(url: str) -> bytes:
    """Fetch; as long as it is not there, ask again."""
    deadline_s = time.monotonic() + _START_LIMIT_S
    while True:
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                content: bytes = answer.read()
                return content
        except (urllib.error.URLError, OSError):
            if time.monotonic() > deadline_s:
                raise
            time.sleep(0.2)
