"""Publishers' connections: sockets, decisions, takeover and flow control around `ingest.rtmp`.

Knows who is on air; not what their media looks like to a viewer.
"""

from ingest.publisher.errors import CertificateError
from ingest.publisher.server import RtmpServer
from ingest.publisher.settings import RtmpSettings, TlsSettings

__all__ = ["CertificateError", "RtmpServer", "RtmpSettings", "TlsSettings"]
