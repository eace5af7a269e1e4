"""Writes the OpenAPI document of this program to standard output: `python -m config.api_document`.

The web pages' types are made of it; no server has to run, and nothing is opened or kept.
"""

import sys
import tempfile
from pathlib import Path

from config.accounts_wiring import AccountsServer
from config.settings import RillcastSettings
from packager.live import Publications


def api_document() -> bytes:
    """Return the document as a server with accounts would serve it."""
    with tempfile.TemporaryDirectory() as folder:
        settings = RillcastSettings(data=Path(folder))
        server = AccountsServer(settings, Publications(1), lambda: "http://localhost")
        return server.api_document()


if __name__ == "__main__":
    sys.stdout.buffer.write(api_document())
