"""What is told to who counts viewers of a request that was answered, or waits to be. Pure."""

from typing import Final

from distribution.live.address import (
    ManifestAddress,
    MediaAddress,
    PlaylistAddress,
)
from distribution.live.target import LiveTarget
from distribution.ports import Seat
from distribution.request_head import Fields
from distribution.response_counters import ResourceKind

_WHOLE_SHOW: Final = "all"
_PLAYLIST: Final = ResourceKind.PLAYLIST


def note_presence(target: LiveTarget, fields: Fields, seat: Seat) -> None:
    """Note who is there. Only a GET says so: who watches takes what he asks for."""
    if target.method != "GET":
        return
    address = target.address
    if target.kind is _PLAYLIST:
        if isinstance(address, PlaylistAddress):
            seat.see_playlist(address.channel, address.rendition, fields)
    elif isinstance(address, MediaAddress):
        seat.see_media()
    elif isinstance(address, ManifestAddress):
        if seat.sid is not None:
            seat.see_playlist(address.channel, _WHOLE_SHOW, fields)
        else:
            seat.see_start(address.channel, fields)
