"""Which program asks for a playlist, as its User-Agent says: a player, or a robot. Pure.

All rules about robots are here. Link previews and crawlers name themselves; programs that people
watch or record with are players, `curl` among them. Whoever lies is taken at his word: what counts
is that he goes on to ask as a player does.
"""

import re
from functools import lru_cache
from typing import Final

WEB_HLS: Final = "hls.js"
WEB_DASH: Final = "dash.js"
OTHER: Final = "other"

# Searched in lower case. "bot" ends a word there: Cubot is a telephone.
_ROBOTS: Final = re.compile(
    r"(?<!cu)bot\b|bot/|crawler|spider|slurp|preview|facebookexternalhit|facebookcatalog"
    r"|meta-externalagent|whatsapp|embedly|iframely|mediapartners|pinterest/|skypeuripreview"
    r"|vkshare|redditbot|snapchat/url|bitlybot|headlesschecker|uptime|pingdom|statuscake"
    r"|blackbox exporter|prometheus/|zabbix|nagios"
)
# The first that is found names the player: mpv and Kodi name the libraries that they ask with, too.
_PLAYERS: Final = (
    ("applecoremedia", "safari"),
    ("vlc/", "vlc"),
    ("libvlc", "vlc"),
    ("kodi", "kodi"),
    ("mpv", "mpv"),
    ("lavf/", "ffmpeg"),
    ("exoplayer", "exoplayer"),
    ("androidxmedia3", "exoplayer"),
    ("gstreamer", "gstreamer"),
    ("roku", "roku"),
    ("shaka", "shaka"),
    ("curl/", "curl"),
)
_BROWSER: Final = "mozilla/"
_READ_CHARACTERS: Final = 512

PLAYERS: Final = frozenset({WEB_HLS, WEB_DASH, OTHER, *(name for _, name in _PLAYERS)})
"""Every kind of player that is told apart."""


@lru_cache(maxsize=1024)  # viewers have a handful of different ones
def player_of(user_agent: str) -> str | None:
    """Name the player; a browser is WEB_HLS, whatever it plays. None for a robot. Never raises."""
    text = user_agent[:_READ_CHARACTERS].lower()
    if _ROBOTS.search(text) is not None:
        return None
    for token, player in _PLAYERS:
        if token in text:
            return player
    return WEB_HLS if text.startswith(_BROWSER) else OTHER
