"""The demo as a streamer's encoder: its pictures carry the time at which they were drawn."""

import subprocess
import sys
from contextlib import AbstractContextManager

from tests.support.encoder import encoder
from tests.support.rillcast_server import RillcastServer


def demo_encoder(
    server: RillcastServer, channel: str
) -> AbstractContextManager[subprocess.Popen[str]]:
    """Publish the test card with its clock to a channel of an open server, until the block ends."""
    command = [sys.executable, "-m", "config", "demo", "--data", str(server.data)]
    return encoder([*command, "--url", server.rtmp_url, "--key", channel, "--size", "640x360"])
