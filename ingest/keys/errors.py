"""What can be wrong with the key file."""


class KeyFileError(Exception):
    """The key file cannot be used; the text names the file and what was expected. No keys in it."""
