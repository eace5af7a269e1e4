"""Playback tokens: leave to watch one channel for a while, small enough to stand in a path.

    token = base64url(payload || HMAC-SHA256(key, context || channel_id || payload)[:16])
    payload = version (1 byte) || issued (8, unix ms) || expires (8, unix ms)
              || viewer id (UTF-8, 1 to 64 bytes)

The channel is bound by the MAC without being written: it stands in the URL already. The id is
bound, not the name, so that a token dies with its channel though another takes the name. 128 bits
of a MAC cannot be guessed online, and shorten every URL by 22 characters (RFC 2104, section 5,
asks for at least half of the hash). Knows no clock, no channel and nobody's rights.
"""

import base64
import binascii
import hmac
import re
import struct
from collections.abc import Sequence
from typing import Final, NamedTuple

KEY_BYTES: Final = 32
_VERSION: Final = 1
_MAC_BYTES: Final = 16
_HEAD: Final = struct.Struct(">BQQ")
_MAX_VIEWER_BYTES: Final = 64
_CONTEXT: Final = b"rillcast playback token\x00"
_MIN_BYTES: Final = _HEAD.size + 1 + _MAC_BYTES
_MAX_BYTES: Final = _HEAD.size + _MAX_VIEWER_BYTES + _MAC_BYTES
MAX_TOKEN_CHARACTERS: Final = -(-_MAX_BYTES * 4 // 3)
_TOKEN: Final = re.compile(f"[A-Za-z0-9_-]{{1,{MAX_TOKEN_CHARACTERS}}}", re.ASCII)
_TO_STANDARD: Final = bytes.maketrans(b"-_", b"+/")
_PADDING: Final = (b"", b"", b"==", b"=")
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_LAST_LETTERS: Final = {2: _LETTERS[::16], 3: _LETTERS[::4]}  # by how many letters are over
_MAX_MS: Final = 2**53  # what JSON readers hold exactly; no clock of ours gets there


class PlaybackClaim(NamedTuple):
    """What a token says. `viewer` is an account or a shared link; times are unix ms.

    `issued_ms` decides what can be taken back: it may lie a moment ahead of the clock.
    """

    viewer: str
    issued_ms: int
    expires_ms: int


class PlaybackKeys:
    """The keys that tokens are signed with, the newest first; older ones are still understood.

    Each is kept as an HMAC that has taken it in already, to be copied: a third of the work.
    """

    __slots__ = ("_begun",)

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise ValueError(f"expected one key or more, of {KEY_BYTES} bytes each")
        self._begun = tuple(hmac.new(key, _CONTEXT, "sha256") for key in keys)

    def sign(self, channel_id: str, payload: bytes) -> bytes:
        """Return the MAC by the newest key."""
        return _mac(self._begun[0], channel_id, payload)

    def is_signed(self, channel_id: str, payload: bytes, mac: bytes) -> bool:
        """Whether one of the keys makes this MAC; compared in constant time."""
        return any(
            hmac.compare_digest(mac, _mac(begun, channel_id, payload)) for begun in self._begun
        )

    def __repr__(self) -> str:
        return f"PlaybackKeys({len(self._begun)} hidden)"


def write_playback_token(keys: PlaybackKeys, channel_id: str, claim: PlaybackClaim) -> str:
    """Sign a token. Raises ValueError for what has no room."""
    viewer_bytes = claim.viewer.encode()
    if not 1 <= len(viewer_bytes) <= _MAX_VIEWER_BYTES:
        raise ValueError(f"viewer: expected 1 to 64 bytes, got {len(viewer_bytes)}")
    if not 0 <= claim.issued_ms <= _MAX_MS or not 0 <= claim.expires_ms <= _MAX_MS:
        raise ValueError(f"expected times that fit, got {claim.issued_ms}, {claim.expires_ms}")
    payload = _HEAD.pack(_VERSION, claim.issued_ms, claim.expires_ms) + viewer_bytes
    mac = keys.sign(channel_id, payload)
    return base64.urlsafe_b64encode(payload + mac).rstrip(b"=").decode()


def read_playback_token(keys: PlaybackKeys, channel_id: str, token: str) -> PlaybackClaim | None:
    """Return what a genuine token for this channel says; None for anything else.

    Whether it has expired is the reader's to judge. Never raises. One spelling is taken for each
    token, so that caches and logs cannot be made to see many.
    """
    if _TOKEN.fullmatch(token) is None:
        return None
    # The last letter may hold bits beyond the bytes; in the spelling that we write, they are 0.
    spare = len(token) % 4
    if spare == 1 or (spare and token[-1] not in _LAST_LETTERS[spare]):
        return None
    whole = binascii.a2b_base64(token.encode().translate(_TO_STANDARD) + _PADDING[spare])
    if not _MIN_BYTES <= len(whole) <= _MAX_BYTES:
        return None
    payload, mac = whole[:-_MAC_BYTES], whole[-_MAC_BYTES:]
    version, issued_ms, expires_ms = _HEAD.unpack_from(payload)
    if version != _VERSION or not keys.is_signed(channel_id, payload, mac):
        return None
    viewer = payload[_HEAD.size :].decode()
    return PlaybackClaim(viewer, issued_ms, expires_ms)


def _mac(begun: hmac.HMAC, channel_id: str, payload: bytes) -> bytes:
    mac = begun.copy()
    # The id has no NUL, so that no payload can be read as part of it.
    mac.update(b"%b\x00%b" % (channel_id.encode(), payload))
    return mac.digest()[:_MAC_BYTES]
