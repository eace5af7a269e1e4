"""A whole server sends what its people ask for, and keeps its keys to itself."""

import asyncio
import stat
from pathlib import Path

from tests.accounts.alerts.hooks import verified
from tests.accounts.outbound.receiver import receiver
from tests.accounts.serving import AccountsOnAir, accounts_on_air


async def test_the_test_button_of_a_running_server_reaches_a_program(tmp_path: Path) -> None:
    async with receiver() as there:

        def press(on: AccountsOnAir) -> str:
            hook = {"name": "Bot", "url": there.url, "events": ["channel.live"]}
            made = on.ask("POST", "/api/v1/admin/webhooks", hook, as_="admin")
            assert made.status == 201, made
            path = f"/api/v1/admin/webhooks/{made.body['id']}/test"
            assert on.ask("POST", path, as_="admin").status == 202
            return str(made.body["secret"])

        running = accounts_on_air(tmp_path, **{"accounts.outbound.allow_private": "true"})
        on = await asyncio.to_thread(running.__enter__)
        try:
            secret = await asyncio.to_thread(press, on)
            await there.wait_for(1)
            key = (await asyncio.to_thread(on.ask, "GET", "/api/v1/push/key")).body["publicKey"]
        finally:
            await asyncio.to_thread(running.__exit__, None, None, None)
        assert verified(there.got[0], secret)["type"] == "webhook.test"
    _assert_kept_private(tmp_path, on.log, secret)
    assert len(key) == 87


def _assert_kept_private(folder: Path, log: Path, secret: str) -> None:
    (file,) = folder.rglob("push-key.txt")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    written = log.read_text("utf-8")
    assert file.read_text("ascii").strip() not in written
    assert secret not in written
