"""Errors of the journal.

    JournalError
    ├── FolderTakenError    another server uses the folder
    └── UnreadableError     a folder's index is none of ours, or does not fit together

OSError stays what it is: the disk's, not ours.
"""


class JournalError(Exception):
    """Something that the journal cannot do."""


class FolderTakenError(JournalError):
    """Another process holds the folder; the text says which folder."""


class UnreadableError(JournalError):
    """No show can be made of what is in a folder; the text says why."""
