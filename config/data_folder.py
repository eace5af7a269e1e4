"""What lies in the data folder, by name, and what that says about the server it belongs to."""

from pathlib import Path
from typing import Final

KEY_FILE_NAME: Final = "stream-keys.toml"
LIVE_FOLDER_NAME: Final = "live"
DATABASE_NAME: Final = "accounts.db"


def has_key_file_alone(data: Path) -> bool:
    """Whether publishers come here with keys of the key file, and nobody has had an account."""
    return (data / KEY_FILE_NAME).exists() and not (data / DATABASE_NAME).exists()
