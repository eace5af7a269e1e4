"""KeyFile: the stream keys of a server without accounts, readable by its owner alone."""

import json
import os
import secrets
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from ingest.channel_name import is_channel_name
from ingest.keys.errors import KeyFileError

_RANDOM_BYTES = 18  # 144 bits: 24 characters of base64
_HEADER = """\
# Stream keys, one line per channel: whoever has the key may publish to the channel.
# Keep this file secret. The server reads changes at once.
"""


class StreamKey:
    """A secret that never shows in a log, a traceback or a repr; `reveal` is the only way out."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    @classmethod
    def generate(cls) -> "StreamKey":
        """Make a new one from the system's randomness; OBS users paste it, so no odd characters."""
        return cls(secrets.token_urlsafe(_RANDOM_BYTES))

    def reveal(self) -> str:
        """Return the secret itself."""
        return self._text

    def matches(self, candidate: str) -> bool:
        """Compare in constant time."""
        return secrets.compare_digest(self._text.encode(), candidate.encode("utf-8", "replace"))

    def __repr__(self) -> str:
        return "StreamKey(hidden)"


class KeyFile:
    """The file `stream-keys.toml`, mode 0600, from channel name to key.

    It keeps keys as text because the owner must be able to see them again; nobody else can read
    it. `keys` follows changes of the file, so adding a channel needs no restart.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: tuple[int, int, int] | None = None
        self._keys: Mapping[str, StreamKey] = MappingProxyType({})

    @property
    def path(self) -> Path:
        """Where the keys are kept."""
        return self._path

    def keys(self) -> Mapping[str, StreamKey]:
        """Return the key of each channel; empty if there is no file yet. Raises KeyFileError."""
        try:
            status = self._path.stat()
        except FileNotFoundError:
            self._stamp, self._keys = None, MappingProxyType({})
            return self._keys
        except OSError as error:
            raise self._unreadable(error.strerror) from error
        stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
        if stamp != self._stamp:
            self._keys = MappingProxyType(self._read())
            self._stamp = stamp
        return self._keys

    def ensure(self, channel: str) -> StreamKey:
        """Return the channel's key, making one if it has none. Raises KeyFileError."""
        return self.keys().get(channel) or self.renew(channel)

    def renew(self, channel: str) -> StreamKey:
        """Give the channel a new key; an older one is void from now on. Raises KeyFileError."""
        if not is_channel_name(channel):
            raise KeyFileError(
                f"channel name: expected 1 to 64 letters, digits, '-' or '_' that begin with a "
                f"letter or digit and are no reserved word, got {channel!r}"
            )
        key = StreamKey.generate()
        self._write({**self.keys(), channel: key})
        return key

    def remove(self, channel: str) -> bool:
        """Void the channel's key; return whether there was one. Raises KeyFileError."""
        keys = dict(self.keys())
        if keys.pop(channel, None) is None:
            return False
        self._write(keys)
        return True

    def _read(self) -> dict[str, StreamKey]:
        try:
            table = tomllib.loads(self._path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            # The decoder's text may quote a line with a key in it: say where, not what.
            reason = error.strerror if isinstance(error, OSError) else "is not valid TOML"
            raise self._unreadable(reason) from None
        keys: dict[str, StreamKey] = {}
        for channel, text in table.items():
            if not is_channel_name(channel):
                raise KeyFileError(f"{self._path}: {channel!r} is not a channel name")
            if not isinstance(text, str) or len(text) < 16:
                raise KeyFileError(
                    f"{self._path}: the key of {channel!r}: expected a string of 16 or more "
                    "characters"
                )
            keys[channel] = StreamKey(text)
        if len({key.reveal() for key in keys.values()}) < len(keys):
            raise KeyFileError(f"{self._path}: two channels have the same key")
        return keys

    def _unreadable(self, reason: str | None) -> KeyFileError:
        return KeyFileError(f"{self._path}: cannot read the stream keys: {reason}")

    def _write(self, keys: Mapping[str, StreamKey]) -> None:
        # A new file moved over the old one: a crash in between leaves the old keys whole.
        # JSON's escapes are a TOML basic string's too; a key written by hand may hold quotes.
        lines = [
            f"{channel} = {json.dumps(key.reveal(), ensure_ascii=False)}\n"
            for channel, key in sorted(keys.items())
        ]
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(dir=self._path.parent, prefix=".stream-keys-")
            written = Path(name)
            try:
                with os.fdopen(descriptor, "w", encoding="utf-8") as file:  # mkstemp: mode 0600
                    file.write(_HEADER + "".join(lines))
                    file.flush()
                    os.fsync(file.fileno())
                self._keep_owner(written)
                written.replace(self._path)
            finally:
                written.unlink(missing_ok=True)  # still there only if one of these failed
        except OSError as error:
            raise KeyFileError(
                f"{self._path}: cannot write the stream keys: {error.strerror}"
            ) from error

    def _keep_owner(self, written: Path) -> None:
        """Give the new file to whom the old one, or the folder, belongs.

        Root may change keys for a service that runs as somebody else and has to read them.
        """
        if os.geteuid() != 0:
            return
        model = self._path if self._path.exists() else self._path.parent
        status = model.stat()
        os.chown(written, status.st_uid, status.st_gid)
