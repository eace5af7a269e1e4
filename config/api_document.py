"""Writes the OpenAPI document of this program to standard output: `python -m config.api_document`.

The web pages' types are made of it; no server has to run, and nothing is opened or kept.
"""

import sys
import tempfile
from pathlib import Path

from config.accounts_wiring import AccountsServer
from config.analytics_operations import OperationsSide
from config.event_counters import EventCounters
from config.garbage_meter import GarbageMeter
from config.settings import RillcastSettings
from packager.live import Publications


def api_document() -> bytes:
    """Return the document as a server with accounts would serve it."""
    with tempfile.TemporaryDirectory() as folder:
        settings = RillcastSettings(data=Path(folder))
        publications = Publications(1)
        operations = OperationsSide(
            settings, publications, EventCounters(lambda: 0), GarbageMeter()
        )
        server = AccountsServer(settings, publications, lambda: "http://localhost", operations)
        return server.api_document()


if __name__ == "__main__":
    sys.stdout.buffer.write(api_document())
