"""The names of a Rendition's resources, relative to its media playlist.

Names are never used twice for different bytes: the folder above holds the Publication's epoch.
"""

MEDIA_PLAYLIST = "index.m3u8"


def init_uri(init_number: int) -> str:
    """Name a Media Initialization Section."""
    return f"init-{init_number}.mp4"


def segment_uri(msn: int) -> str:
    """Name a Media Segment."""
    return f"segment-{msn}.m4s"


def part_uri(number: int) -> str:
    """Name a Partial Segment by its number in the rendition, which a hint knows beforehand."""
    return f"part-{number}.m4s"


def sibling_playlist_uri(rendition: str) -> str:
    """Name another rendition's media playlist, as seen from this rendition's."""
    return f"../{rendition}/{MEDIA_PLAYLIST}"


def variant_playlist_uri(epoch: str, rendition: str) -> str:
    """Name a rendition's media playlist, as seen from the multivariant playlist."""
    return f"{epoch}/{rendition}/{MEDIA_PLAYLIST}"
