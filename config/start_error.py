"""Why the server cannot start."""


class StartError(Exception):
    """The server cannot start; the text says what to change."""
