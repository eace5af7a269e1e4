"""The live model that distribution serves: Publications, their Renditions, bytes and playlists."""

from packager.live.errors import (
    LiveError,
    PublicationEndedError,
    PublicationExistsError,
    PublicationsFullError,
    UnexpectedChangeError,
)
from packager.live.publication import Publication, PublicationState
from packager.live.publications import Publications
from packager.live.rendered import RenderedPlaylist
from packager.live.rendition import PENDING, Growth, Outflow, Pending, Rendition
from packager.live.settings import WindowSettings
from packager.live.show_clock import ShowClock
from packager.live.waiting import Waiter, WaitingRoom

__all__ = [
    "PENDING",
    "Growth",
    "LiveError",
    "Outflow",
    "Pending",
    "Publication",
    "PublicationEndedError",
    "PublicationExistsError",
    "PublicationState",
    "Publications",
    "PublicationsFullError",
    "RenderedPlaylist",
    "Rendition",
    "ShowClock",
    "UnexpectedChangeError",
    "Waiter",
    "WaitingRoom",
    "WindowSettings",
]
