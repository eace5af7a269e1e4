"""A server that is killed between a fact and its delivery: nothing is lost, nothing comes twice."""

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from accounts.channels.follows import Level
from accounts.webhooks.event import EventKind
from accounts.webhooks.tables import webhook_deliveries
from tests.accounts.alerts.alerting import Alerting
from tests.accounts.alerts.hooks import hook
from tests.accounts.alerts.push_service import push_service
from tests.accounts.channels.world import FAN
from tests.accounts.outbound.receiver import receiver


def kill_at(url: str, folder: Path, moment: str) -> None:
    """Run a server on the database, and kill it at a moment."""
    command = [sys.executable, "-m", "tests.accounts.alerts.dying_sender", url, str(folder), moment]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"{moment}\n"
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL


@pytest.mark.parametrize("moment", ["fact", "stored", "recorded", "sent"])
async def test_browsers_and_programs_are_told_once(
    on: Alerting, database_url: str, tmp_path: Path, moment: str
) -> None:
    async with receiver() as there, push_service() as service:
        browser = service.browser()
        await on.world.follows.put("studio", FAN, Level.LIVE)
        await on.side.subscriptions.put("acc_FAN", browser.offer())
        await hook(on, there.url, EventKind.LIVE)
        await on.settle()
        await asyncio.to_thread(kill_at, database_url, tmp_path, moment)
        await on.settle()
        assert len(there.got) == 1
        (alert,) = service.alerts_of(browser)
        assert alert["channel"] == "studio"
        (row,) = await on.rows(webhook_deliveries)
        assert row.state == "delivered"
