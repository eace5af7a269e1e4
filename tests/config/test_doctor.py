"""`rillcast doctor`: it finds what is wrong and says what to do."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from accounts.mail.settings import MailSettings
from accounts.settings import AccountsSettings, DatabaseSettings
from config.checkup.certificate import check_certificate
from config.checkup.clock import check_clock
from config.checkup.data_folder import check_data_folder, is_served
from config.checkup.database import check_database
from config.checkup.mail import check_mail
from config.checkup.open_files import check_open_files
from config.checkup.ports import check_ports
from config.checkup.public_address import check_public_address
from config.checkup.result import Grade, Result
from config.settings import RillcastSettings
from distribution.settings import HttpSettings
from ingest.publisher.settings import RtmpSettings, TlsSettings
from packager.settings import PackagerSettings
from tests.support.accounts_server import ENABLED
from tests.support.certificate import make_certificate
from tests.support.deployed_nginx import deployed_nginx, trusting
from tests.support.port import free_port
from tests.support.postgresql import postgresql_server
from tests.support.rillcast_server import rillcast_server

PAST = datetime(2020, 1, 1, tzinfo=UTC)


def doctor(data: Path, *flags: str) -> tuple[int, str]:
    ran = subprocess.run(
        [sys.executable, "-m", "config", "doctor", "--data", str(data), *flags],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in ran.stderr, ran.stderr
    return ran.returncode, ran.stdout + ran.stderr


def grades(results: list[Result]) -> list[Grade]:
    return [each.grade for each in results]


def only(results: list[Result]) -> Result:
    (result,) = results
    return result


@contextmanager
def taken_port() -> Iterator[int]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def test_a_new_folder_is_fine_and_nothing_is_made(tmp_path: Path) -> None:
    data = tmp_path / "data"
    addresses = ("--http", f"127.0.0.1:{free_port()}", "--rtmp", f"127.0.0.1:{free_port()}")
    code, text = doctor(data, *addresses)
    assert (code, text.splitlines()[-1]) == (0, "No problems.")
    assert not data.exists()


def test_problems_end_with_1_and_say_what_to_do(tmp_path: Path) -> None:
    with taken_port() as port:
        flags = ("--http", f"127.0.0.1:{port}", "--rtmp", f"127.0.0.1:{free_port()}", "--quiet")
        code, text = doctor(tmp_path, *flags)
    assert code == 1
    assert f"127.0.0.1:{port} is taken by another program" in text
    assert "-> find it with" in text
    assert text.splitlines()[-1] == "1 problem."


def test_a_taken_port_may_be_the_servers_where_no_shows_are_kept() -> None:
    with taken_port() as port:
        settings = RillcastSettings(
            http=HttpSettings(host="127.0.0.1", port=port),
            packager=PackagerSettings(journal=False),
        )
        assert check_ports(settings, is_served=False)[0].grade is Grade.ADVICE


def test_settings_that_cannot_be_used_end_with_1(tmp_path: Path) -> None:
    code, text = doctor(tmp_path, "--set", "http.portt=1")
    assert code == 1
    assert "http.portt: unknown setting; did you mean 'port'?" in text


@pytest.mark.real
def test_a_running_server_is_known_and_its_ports_are_its_own(tmp_path: Path) -> None:
    http, rtmp = free_port(), free_port()
    addresses = ("--http", f"127.0.0.1:{http}", "--rtmp", f"127.0.0.1:{rtmp}")
    assert not is_served(tmp_path / "data")
    with rillcast_server(tmp_path, *ENABLED, *addresses):
        assert is_served(tmp_path / "data")
        code, text = doctor(tmp_path / "data", *addresses)
        assert code == 0, text
        assert f"127.0.0.1:{http} is the running server's" in text
        code, text = doctor(tmp_path / "data", "--http", f"127.0.0.1:{free_port()}", addresses[2])
        assert code == 2  # a flag without its value
        code, text = doctor(tmp_path / "data", "--http", f"127.0.0.1:{free_port()}", *addresses[2:])
        assert code == 1
        assert "a server runs with this data folder, but not at" in text


def test_a_folder_that_cannot_be_written_is_a_problem(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    found = only(check_data_folder(file))
    assert found.grade is Grade.PROBLEM
    assert "cannot be written" in found.text


def test_an_address_of_another_machine_is_a_problem() -> None:
    settings = RillcastSettings(http=HttpSettings(host="192.0.2.1", port=8080))
    found = check_ports(settings, is_served=False)[0]
    assert found.grade is Grade.PROBLEM
    assert "http.host" in found.to_do


def test_clocks_that_are_behind_are_a_problem(tmp_path: Path) -> None:
    assert only(check_clock(tmp_path, PAST.timestamp())).grade is Grade.PROBLEM
    (tmp_path / "file").touch()
    now_s = datetime.now(UTC).timestamp()
    os.utime(tmp_path / "file", (now_s + 3600, now_s + 3600))
    found = only(check_clock(tmp_path, now_s))
    assert found.grade is Grade.PROBLEM
    assert "are newer" in found.text
    assert only(check_clock(tmp_path / "none", now_s)).grade is not Grade.PROBLEM


def test_more_connections_than_open_files_are_worth_advice() -> None:
    many = RillcastSettings(http=HttpSettings(connection_limit=10**9))
    assert only(check_open_files(many)).grade is Grade.ADVICE
    few = RillcastSettings(
        http=HttpSettings(connection_limit=1),
        rtmp=RtmpSettings(connection_limit=1),
        accounts=AccountsSettings(enabled=False),
    )
    assert only(check_open_files(few)).grade is Grade.FINE


def test_certificates_are_judged_by_their_dates(tmp_path: Path) -> None:
    certificate, key = make_certificate(tmp_path)
    settings = RillcastSettings(
        rtmp=RtmpSettings(tls=TlsSettings(certificate=certificate, private_key=key))
    )
    now = datetime.now(UTC)
    for moment, grade in (
        (now, Grade.ADVICE),  # good for a day
        (now + timedelta(days=2), Grade.PROBLEM),
        (now - timedelta(days=2), Grade.PROBLEM),
    ):
        assert only(check_certificate(settings, moment)).grade is grade
    key.write_text("nothing")
    assert only(check_certificate(settings, now)).grade is Grade.PROBLEM
    assert only(check_certificate(RillcastSettings())).grade is Grade.ADVICE
    at_home = RillcastSettings(rtmp=RtmpSettings(host="127.0.0.1"))
    assert check_certificate(at_home) == []


async def test_databases_that_do_not_answer_are_a_problem(tmp_path: Path) -> None:
    settings = RillcastSettings(
        data=tmp_path,
        accounts=AccountsSettings(
            database=DatabaseSettings(url=f"postgresql://x:secret@127.0.0.1:{free_port()}/y")
        ),
    )
    found = only(await check_database(settings))
    assert found.grade is Grade.PROBLEM
    assert "secret" not in found.text + found.to_do


@pytest.mark.real
def test_a_database_without_tables_wants_to_be_migrated(tmp_path: Path) -> None:
    with postgresql_server() as server:
        url = f"accounts.database.url={server.url('postgres')}"
        flags = ("--http", "127.0.0.1:0", "--rtmp", "127.0.0.1:0", "--set", url)
        code, text = doctor(tmp_path, *flags)
        assert code == 1
        assert "rillcast migrate" in text
        subprocess.run(
            [sys.executable, "-m", "config", "migrate", "--data", str(tmp_path), "--set", url],
            check=True,
            capture_output=True,
        )
        code, text = doctor(tmp_path, *flags)
        assert code == 0, text
        assert "PostgreSQL answers" in text


async def test_mail_servers_are_greeted(tmp_path: Path) -> None:
    none = RillcastSettings(data=tmp_path)
    assert only(await check_mail(none)).grade is Grade.ADVICE
    away = RillcastSettings(
        data=tmp_path,
        accounts=AccountsSettings(mail=MailSettings(host="127.0.0.1", port=free_port())),
    )
    assert only(await check_mail(away)).grade is Grade.PROBLEM

    said_goodbye = asyncio.Event()

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example.org ESMTP\r\n")
        while line := await reader.readline():
            writer.write(b"221 bye\r\n" if line.startswith(b"QUIT") else b"250 mail\r\n")
        writer.close()
        await writer.wait_closed()
        said_goodbye.set()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        there = RillcastSettings(
            data=tmp_path,
            accounts=AccountsSettings(
                mail=MailSettings(host="127.0.0.1", port=port, security="none")
            ),
        )
        results = await check_mail(there)
        await said_goodbye.wait()
    assert grades(results) == [Grade.FINE, Grade.ADVICE, Grade.ADVICE]


def public(url: str) -> RillcastSettings:
    return RillcastSettings(accounts=AccountsSettings(public_url=url))


@pytest.mark.real
async def test_our_nginx_passes_all_on(tmp_path: Path) -> None:
    with rillcast_server(tmp_path, *ENABLED) as server:
        port = int(server.http_url.rpartition(":")[2])
        async with deployed_nginx(tmp_path, port) as https:
            url = f"https://127.0.0.1:{https}"
            results = await check_public_address(public(url), is_served=True, trust=trusting())
            assert set(grades(results)) == {Grade.FINE}, results
            assert len(results) == 4
            results = await check_public_address(public(url), is_served=True)
    assert grades(results) == [Grade.FINE, Grade.PROBLEM]
    assert "certificate" in results[1].to_do


async def test_a_proxy_that_keeps_back_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.checkup.public_address._FIRST_BYTES_S", 0.2)

    async def respond(request: web.Request) -> web.StreamResponse:
        match request.path:
            case "/health":
                return web.Response(text="alive\n")
            case "/events":
                await asyncio.sleep(60)
            case "/metrics":
                return web.Response(text="rillcast_publishers 0\n")
        return web.Response(status=404)

    application = web.Application()
    application.router.add_get("/{path:.*}", respond)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        results = await check_public_address(public(url), is_served=True)
        other = await check_public_address(public(f"{url[:-1]}0"), is_served=False)
    finally:
        await runner.cleanup()
    texts = [each.text for each in results if each.grade is Grade.PROBLEM]
    assert len(texts) == 3
    assert "WebSockets" in texts[0]
    assert "piece by piece" in texts[1]
    assert "/metrics" in texts[2]
    assert grades(other) == [Grade.FINE, Grade.FINE]


async def test_public_addresses_without_encryption_are_worth_advice() -> None:
    results = await check_public_address(public("http://live.example.org"), is_served=False)
    assert grades(results) == [Grade.ADVICE, Grade.FINE]
    results = await check_public_address(public(""), is_served=False)
    assert grades(results) == [Grade.ADVICE]
