"""Stream keys: those that begin with `rc_`, which encoders publish with."""

from typing import Final

from accounts.shown_once_key import KeyKind, ShownOnceKey, digest_of_key, is_key_of

KEY_PREFIX: Final = "rc_"
_KIND: Final = KeyKind(KEY_PREFIX)

NewStreamKey = ShownOnceKey
make_stream_key: Final = _KIND.make
lookup_of_key: Final = _KIND.lookup_of

__all__ = [
    "KEY_PREFIX",
    "NewStreamKey",
    "digest_of_key",
    "is_key_of",
    "lookup_of_key",
    "make_stream_key",
]
