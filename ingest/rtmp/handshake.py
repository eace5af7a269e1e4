"""The simple handshake, server side (RTMP 1.0 section 5.2).

No digests: only Flash Player ever asked for them, and only to play. Publishers that send a
digest in C1 (ffmpeg) do not look for one in S1.
"""

from ingest.rtmp.errors import ErrorCode, LocalProtocolError, RemoteProtocolError

VERSION = 3
HANDSHAKE_RANDOM_BYTES = 1528
_C1_END = 1 + 1536
_C2_END = _C1_END + 1536
# ffmpeg as a player checks S1 for a digest if the first version byte in it is 3 or more and then
# gives up: bytes 4 to 7 stay zero, as 5.2.3 demands.
_S1_TIME_AND_ZERO = bytes(8)


class ServerHandshake:
    """Reads C0, C1 and C2; writes S0, S1 and S2."""

    def __init__(self, random: bytes) -> None:
        if len(random) != HANDSHAKE_RANDOM_BYTES:
            raise LocalProtocolError(
                f"handshake_random: expected {HANDSHAKE_RANDOM_BYTES} bytes, got {len(random)}"
            )
        self._random = random
        self._received = bytearray()
        self._has_answered = False

    def receive(self, data: bytes) -> tuple[bytes, bytes | None]:
        """Take bytes; return what to send and, once the peer is through, what follows C2.

        C2 is read over, not compared: some encoders do not echo S1.
        Raises RemoteProtocolError if the peer does not speak RTMP.
        """
        received = self._received
        received += data
        if received and received[0] != VERSION:
            raise _wrong_version(received[0])
        reply = b""
        if not self._has_answered and len(received) >= _C1_END:
            self._has_answered = True
            s0_s1 = bytes((VERSION,)) + _S1_TIME_AND_ZERO + self._random
            reply = s0_s1 + bytes(received[1:_C1_END])  # S2 echoes C1 (5.2.4)
        if len(received) < _C2_END:
            return reply, None
        return reply, bytes(received[_C2_END:])


def _wrong_version(version: int) -> RemoteProtocolError:
    match version:
        case 0x16:
            return RemoteProtocolError(
                "expected RTMP version 3, got a TLS greeting: rtmps:// needs the TLS port",
                ErrorCode.NOT_RTMP,
            )
        case 0x47 | 0x50:  # G(ET), P(OST)
            return RemoteProtocolError("expected RTMP version 3, got HTTP", ErrorCode.NOT_RTMP)
        case 0x06 | 0x08:
            return RemoteProtocolError(
                f"expected RTMP version 3, got {version} (encrypted RTMPE)", ErrorCode.BAD_HANDSHAKE
            )
        case _:
            return RemoteProtocolError(
                f"expected RTMP version 3, got {version}", ErrorCode.BAD_HANDSHAKE
            )
