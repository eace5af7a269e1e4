"""Shows that survive the process: an index of every change and the bytes of the window, on disk.

`frame`, `entry`, `volume`, `compaction` and `replay` are pure: bytes and values. `media_writer`,
`show_journal` and `live_folder` are the files around them.
"""

from packager.journal.errors import FolderTakenError, JournalError, UnreadableError
from packager.journal.live_folder import LiveFolder, RecoveredShow
from packager.journal.show_journal import ShowJournal

__all__ = [
    "FolderTakenError",
    "JournalError",
    "LiveFolder",
    "RecoveredShow",
    "ShowJournal",
    "UnreadableError",
]
