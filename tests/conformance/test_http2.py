"""Check 59: whether a server that speaks TLS offers HTTP/2."""

import asyncio
import ssl
import subprocess
from pathlib import Path

import pytest

from conformance.active.rendition import check_http2
from conformance.check import Check


@pytest.fixture
def context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's certificate that this process trusts for the length of a test."""
    chain, key = tmp_path / "chain.pem", tmp_path / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += ["-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    command += ["-out", str(chain), "-keyout", str(key)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    monkeypatch.setenv("SSL_CERT_FILE", str(chain))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(chain, key)
    return context


async def found_with(context: ssl.SSLContext) -> set[Check]:
    def close(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(close, "127.0.0.1", 0, ssl=context)
    async with server:
        url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/index.m3u8"
        return {finding.check async for finding in check_http2(url)}


async def test_server_that_offers_http2_breaks_no_rule(context: ssl.SSLContext) -> None:
    context.set_alpn_protocols(["h2", "http/1.1"])
    assert await found_with(context) == set()


async def test_server_that_speaks_only_http1_is_found(context: ssl.SSLContext) -> None:
    context.set_alpn_protocols(["http/1.1"])
    assert await found_with(context) == {Check.HTTP2}


async def test_server_without_tls_is_not_judged() -> None:
    assert [each async for each in check_http2("http://127.0.0.1:1/index.m3u8")] == []
