"""The receivers in docs/webhooks.md, run as they stand there on what the server really sends."""

import base64
import json
import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from accounts.webhooks.event import TEST_KIND, EventKind
from accounts.webhooks.signature import new_secret, secret_text, signed_headers
from accounts.webhooks.tables import webhooks
from tests.accounts.alerts.alerting import Alerting
from tests.accounts.alerts.hooks import hook
from tests.accounts.channels.world import OWNER
from tests.accounts.outbound.receiver import receiver

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "webhooks.md").read_text("utf-8")
Verify = Callable[[str, dict[str, str], bytes], bool]


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found
    return found[1]


def in_python(folder: Path) -> Verify:
    assert folder.is_dir()
    names: dict[str, Any] = {}
    exec(compile(block("python"), "docs/webhooks.md", "exec"), names)  # noqa: S102 - our own page
    found: Verify = names["verify"]
    return found


def in_node(folder: Path) -> Verify:
    (folder / "verify.mjs").write_text(block("js"))
    (folder / "run.mjs").write_text(
        "import { readFileSync } from 'node:fs';\n"
        "import { verify } from './verify.mjs';\n"
        "const { secret, headers, body } = JSON.parse(readFileSync(0, 'utf8'));\n"
        "console.log(verify(secret, headers, Buffer.from(body, 'base64')));\n"
    )

    def verify(secret: str, headers: dict[str, str], body: bytes) -> bool:
        given = {"secret": secret, "headers": headers, "body": base64.b64encode(body).decode()}
        ran = subprocess.run(
            [ROOT / "web" / "with-node", "node", folder / "run.mjs"],
            input=json.dumps(given),
            capture_output=True,
            text=True,
            check=True,
            timeout=180,
            cwd=ROOT / "web",
        )
        return ran.stdout.strip() == "true"

    return verify


@pytest.mark.parametrize("made", [in_python, in_node])
def test_a_documented_receiver_takes_what_is_genuine_and_nothing_else(
    made: Callable[[Path], Verify], tmp_path: Path
) -> None:
    verify = made(tmp_path)
    keys, body, now = [new_secret(), new_secret()], '{"a":"ü"}'.encode(), int(time.time())
    secret = secret_text(keys[1])
    genuine = dict(signed_headers("whd_1", now, body, keys))
    assert verify(secret, genuine, body)
    assert not verify(secret, genuine, body + b" ")
    assert not verify(secret, genuine | {"webhook-id": "whd_2"}, body)
    assert not verify(secret_text(new_secret()), genuine, body)
    old = dict(signed_headers("whd_1", now - 1000, body, keys))
    assert not verify(secret, old, body)


async def test_it_takes_what_a_server_sends(on: Alerting, tmp_path: Path) -> None:
    verify = in_python(tmp_path)
    on.world.now_ms = int(time.time() * 1000)
    async with receiver() as there:
        made = await hook(on, there.url)
        await on.side.delivery_log.test("studio", OWNER, made.webhook.id)
        await on.settle()
        (got,) = there.got
    assert verify(made.secret, got.headers, got.body)
    assert len(await on.rows(webhooks)) == 1


def test_every_event_is_described() -> None:
    for kind in (*EventKind, TEST_KIND):
        assert f"| `{kind}` |" in PAGE
