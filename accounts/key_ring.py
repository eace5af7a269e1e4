"""KeyRing: the server's own secrets, made at the first start and kept in one private file.

They stand beside the database and not in it, so that a copied database alone lets nobody sign
tokens or read sealed values. Several processes share them by sharing the file.
"""

import base64
import json
import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_SECRET_BYTES: Final = 32
_KEY_ID_BYTES: Final = 6
_KEYS_MAX: Final = 16


class KeyRingError(Exception):
    """The file of secrets cannot be used; the text says why and holds no secret."""


@dataclass(frozen=True, slots=True)
class DerivedKeys:
    """The keys of one purpose: the newest makes, all of them are still understood."""

    newest_id: str
    by_id: Mapping[str, bytes] = field(repr=False)

    @property
    def newest(self) -> bytes:
        """The key to sign or seal with."""
        return self.by_id[self.newest_id]


class KeyRing:
    """Root secrets, oldest first. What is used is derived from them, a key for each purpose."""

    def __init__(self, roots: Mapping[str, bytes]) -> None:
        if not roots:
            raise ValueError("roots: expected at least one secret")
        self._roots = dict(roots)

    @classmethod
    def generate(cls) -> "KeyRing":
        """Make a ring with one new secret that lives as long as the process."""
        return cls(_new_root())

    @classmethod
    def open(cls, path: Path) -> "KeyRing":
        """Read the file; make it at the first start. Raises KeyRingError."""
        try:
            return cls(_read(path))
        except FileNotFoundError:
            pass
        roots = _new_root()
        _write(path, roots, is_new=True)
        # Another process may have been first: its file stands, and is what both use.
        return cls(_read(path))

    @classmethod
    def rotate(cls, path: Path) -> "KeyRing":
        """Add a new secret to the file; older ones are understood until pushed out by 16 others."""
        roots = {**_read(path), **_new_root()}
        roots = dict(list(roots.items())[-_KEYS_MAX:])
        _write(path, roots, is_new=False)
        return cls(roots)

    def derive(self, purpose: str) -> DerivedKeys:
        """Return the keys of a purpose, which tell nothing about those of another (RFC 5869)."""
        derived = {
            key_id: HKDF(SHA256(), _SECRET_BYTES, salt=None, info=purpose.encode()).derive(root)
            for key_id, root in self._roots.items()
        }
        return DerivedKeys(next(reversed(derived)), MappingProxyType(derived))

    def __repr__(self) -> str:
        return f"KeyRing({', '.join(self._roots)})"


def _new_root() -> dict[str, bytes]:
    return {secrets.token_hex(_KEY_ID_BYTES): secrets.token_bytes(_SECRET_BYTES)}


def _read(path: Path) -> dict[str, bytes]:
    try:
        listed = json.loads(path.read_text("utf-8"))["keys"]
        roots = {entry["id"]: base64.b64decode(entry["secret"], validate=True) for entry in listed}
    except FileNotFoundError:
        raise
    except OSError as error:
        raise KeyRingError(f"{path}: cannot read the server's secrets: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        # The parser's text could quote a secret: say where, not what.
        raise KeyRingError(f"{path}: expected the file that the server wrote") from None
    if not roots or any(len(root) != _SECRET_BYTES for root in roots.values()):
        raise KeyRingError(f"{path}: expected secrets of {_SECRET_BYTES} bytes")
    return roots


def _write(path: Path, roots: Mapping[str, bytes], *, is_new: bool) -> None:
    listed = [
        {"id": key_id, "secret": base64.b64encode(root).decode()} for key_id, root in roots.items()
    ]
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".accounts-keys-")
        written = Path(name)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:  # mkstemp: mode 0600
                json.dump({"keys": listed}, file, indent=1)
                file.flush()
                os.fsync(file.fileno())
            if is_new:
                path.hardlink_to(written)  # fails where another process was first
            else:
                written.replace(path)
        except FileExistsError:
            pass
        finally:
            written.unlink(missing_ok=True)
    except OSError as error:
        raise KeyRingError(f"{path}: cannot write the server's secrets: {error.strerror}") from None
