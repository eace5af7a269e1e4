"""FLV message bodies, legacy and Enhanced RTMP, to tracks and samples (ingest.media).

Knows what a publisher's messages mean; not how they came, nor what becomes of the media.
"""

from ingest.flv.errors import FlvError, UnsupportedCodec
from ingest.flv.publisher_media import PublisherMedia

__all__ = ["FlvError", "PublisherMedia", "UnsupportedCodec"]
