"""What keeps a whole server from starting, said so that its operator can mend it."""

from pathlib import Path

import aiohttp
import pytest

from config.settings import load_settings
from config.start_error import StartError
from config.wiring import RillcastServer
from tests.support.certificate import make_certificate

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


@pytest.mark.parametrize(("plain_host", "is_offered"), [("127.0.0.1", False), ("0.0.0.0", True)])
async def test_streamers_are_sent_to_plain_rtmp_only_where_they_reach_it(
    tmp_path: Path, plain_host: str, is_offered: bool
) -> None:
    certificate, private_key = make_certificate(tmp_path)
    tls = {"certificate": certificate, "private_key": private_key, "port": 0}
    rtmp = {"host": plain_host, "port": 0, "tls": tls}
    server = RillcastServer(load_settings(None, {"data": tmp_path, "http": HERE, "rtmp": rtmp}))
    await server.start()
    try:
        async with (
            aiohttp.ClientSession() as client,
            client.get(f"http://127.0.0.1:{server.http_port}/api/v1/publishing") as answer,
        ):
            told = await answer.json()
    finally:
        await server.stop()
    assert told["rtmpsPort"] == server.rtmps_port
    assert told["rtmpPort"] == (server.rtmp_port if is_offered else None)
