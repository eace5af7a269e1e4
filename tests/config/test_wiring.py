"""What keeps a whole server from starting, said so that its operator can mend it."""

from pathlib import Path

import pytest

from config.settings import load_settings
from config.start_error import StartError
from config.wiring import RillcastServer

HERE = {"host": "127.0.0.1", "port": 0}


async def test_a_certificate_that_cannot_be_read_is_not_taken_for_a_port(tmp_path: Path) -> None:
    absent = str(tmp_path / "absent.pem")
    tls = {"certificate": absent, "private_key": absent, **HERE}
    settings = load_settings(None, {"data": tmp_path, "http": HERE, "rtmp": {**HERE, "tls": tls}})
    server = RillcastServer(settings)
    try:
        with pytest.raises(StartError, match=r"^rtmp\.tls: cannot use .*absent\.pem"):
            await server.start()
    finally:
        await server.stop()
