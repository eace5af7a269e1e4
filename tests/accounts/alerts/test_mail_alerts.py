"""Mails tell those who chose them, of several channels at once, and end with one click."""

import asyncio
import email
import email.policy
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from accounts.channels.channel import ChannelEdit
from accounts.channels.follows import Level
from accounts.mail_alerts.settings import MailAlertsSettings
from accounts.mail_alerts.tables import mail_alerts, mail_turns
from accounts.mail_alerts.unsubscribing import PURPOSE, UnsubscribeTokens, Unsubscribing
from accounts.notifications.kind import Kind
from accounts.notifications.quiet_hours import QuietHours
from accounts.notifications.wishes import ChannelWish, Wish
from accounts.storage import Database
from tests.accounts.alerts.alerting import MINUTE_MS, RING, Alerting, alerting, settings_of
from tests.accounts.channels.world import FAN, OTHER, OWNER, any_revision

TOKENS = UnsubscribeTokens(RING.derive(PURPOSE))


@dataclass
class MailServer:
    """aiosmtpd, which keeps what it takes as it came, and refuses what it is told to."""

    raw: list[bytes] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self,
        server: SMTP,  # noqa: ARG002 - aiosmtpd's signature
        session: Session,  # noqa: ARG002 - see above
        envelope: Envelope,
    ) -> str:
        assert isinstance(envelope.content, bytes)
        self.raw.append(envelope.content)
        return self.refusals.pop(0) if self.refusals else "250 OK"

    @property
    def taken(self) -> list[EmailMessage]:
        return [email.message_from_bytes(raw, policy=email.policy.default) for raw in self.raw]


@pytest.fixture
async def server() -> AsyncIterator[tuple[MailServer, int]]:
    keeper, loop = MailServer(), asyncio.get_running_loop()
    listener = await loop.create_server(
        lambda: SMTP(keeper, loop=loop, hostname="localhost"), "127.0.0.1", 0
    )
    yield keeper, listener.sockets[0].getsockname()[1]
    listener.close()


@pytest.fixture
def smtp(server: tuple[MailServer, int]) -> MailServer:
    return server[0]


@pytest.fixture
async def on(
    database: Database, tmp_path: Path, server: tuple[MailServer, int]
) -> AsyncIterator[Alerting]:
    async with alerting(database, tmp_path, settings_of(server[1])) as made:
        await made.world.channel("garden")
        for channel in ("studio", "garden"):
            for asker in (FAN, OTHER):
                await made.world.follows.put(channel, asker, Level.LIVE)
        yield made


async def live(on: Alerting, *channels: str) -> None:
    for channel in channels or ("studio",):
        await on.told.go_live(channel, at_ms=on.world.now_ms)
    await on.settle()


async def test_those_who_chose_it_get_one_mail_of_several_channels(
    on: Alerting, smtp: MailServer
) -> None:
    await on.wants_mail("acc_FAN")
    await live(on, "studio")
    await on.later(MINUTE_MS)
    assert smtp.raw == []
    await live(on, "garden")
    await on.later(MINUTE_MS)
    (mail,) = smtp.taken
    assert mail["To"] == "acc_FAN@example.org"
    assert mail["Subject"] == "garden and others are live at live.example.org"
    text = mail.get_content()
    for channel in ("studio", "garden"):
        assert f"{channel} is live: https://live.example.org/{channel}" in text
    assert "First" not in text  # a title is a stranger's words
    await on.later(60 * MINUTE_MS)
    assert len(smtp.raw) == 1
    assert await on.rows(mail_alerts) == []


async def test_programs_unsubscribe_with_one_click(on: Alerting, smtp: MailServer) -> None:
    await on.wants_mail("acc_FAN")
    await live(on)
    await on.later(2 * MINUTE_MS)
    (mail,) = smtp.taken
    token = TOKENS.token_of("acc_FAN")
    link = f"<https://live.example.org/api/v1/unsubscribe/{token}>"
    assert mail["List-Unsubscribe"] == link
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert b"=?" not in smtp.raw[0].partition(b"\r\n\r\n")[0]  # written as mail programs read it
    assert f"https://live.example.org/unsubscribe#token={token}" in mail.get_content()
    await on.told.wishes.put_of_channel("garden", FAN, ChannelWish(email=True), any_revision)
    ending = Unsubscribing(on.world.database, TOKENS)
    standing = await ending.standing(token)
    assert standing is not None
    assert standing.is_mailed
    await on.told.go_live("garden")
    await on.settle()
    for _ in range(2):
        ended = await ending.end(token)
        assert ended is not None
        assert not ended.is_mailed
    await on.later(60 * MINUTE_MS)
    assert len(smtp.raw) == 1


async def test_nobody_is_mailed_too_often(on: Alerting, smtp: MailServer) -> None:
    await on.wants_mail("acc_FAN")
    for _ in range(8):
        await live(on)
        await on.told.go_off()
        await on.later(3 * MINUTE_MS)
    assert len(smtp.raw) == 2  # in 24 minutes
    await on.later(15 * MINUTE_MS)
    assert len(smtp.raw) == 3
    ids = [mail["Message-ID"] for mail in smtp.taken]
    assert len(set(ids)) == 3


async def test_wishes_and_quiet_hours_are_obeyed(on: Alerting, smtp: MailServer) -> None:
    quiet = Wish(frozenset(), QuietHours(0, 1439, "UTC"), mailed=frozenset({Kind.LIVE}))
    await on.told.wishes.put("acc_FAN", quiet, any_revision)
    await on.wants_mail("acc_OTHER")
    await on.told.wishes.put_of_channel("studio", OTHER, ChannelWish(email=False), any_revision)
    await live(on, "studio")
    await on.later(30 * MINUTE_MS)
    assert smtp.raw == []
    await live(on, "garden")
    await on.later(30 * MINUTE_MS)
    assert [mail["To"] for mail in smtp.taken] == ["acc_OTHER@example.org"]


async def test_a_mail_that_was_not_taken_is_sent_again_as_the_same(
    on: Alerting, smtp: MailServer
) -> None:
    smtp.refusals = ["451 later", "451 later"]
    await on.wants_mail("acc_FAN")
    await live(on)
    for _ in range(3):
        await on.later(5 * MINUTE_MS)
    assert len(smtp.raw) == 3
    assert len({mail["Message-ID"] for mail in smtp.taken}) == 1
    await on.later(60 * MINUTE_MS)
    assert len(smtp.raw) == 3


async def test_what_is_hidden_or_long_ago_by_then_is_not_mailed(
    on: Alerting, smtp: MailServer
) -> None:
    await on.wants_mail("acc_FAN")
    await live(on, "studio")
    edit = ChannelEdit(visibility="private")
    await on.world.channels.edit("studio", OWNER, edit, any_revision)
    await on.later(5 * MINUTE_MS)
    assert smtp.raw == []
    smtp.refusals = ["451 later"] * 9
    await live(on, "garden")
    await on.later(130 * MINUTE_MS)
    assert [each for each in await on.rows(mail_turns) if each.due_at_ms is not None] == []


async def test_mails_leave_at_the_rate_that_was_set(
    database: Database, tmp_path: Path, server: tuple[MailServer, int]
) -> None:
    smtp, port = server
    slow = settings_of(port, mail_alerts=MailAlertsSettings(per_minute=0.001))
    async with alerting(database, tmp_path, slow) as on:
        for asker in (FAN, OTHER):
            await on.world.follows.put("studio", asker, Level.LIVE)
            await on.wants_mail(str(asker.account_id))
        await live(on)
        await on.later(5 * MINUTE_MS)
        await on.later(5 * MINUTE_MS)
        assert len(smtp.raw) == 1


def test_tokens_are_of_one_account_and_cannot_be_made_up() -> None:
    token = TOKENS.token_of("acc_FAN")
    assert TOKENS.account_of(token) == "acc_FAN"
    account, key, mac = token.split(".")
    for forged in (
        f"acc_OTHER.{key}.{mac}",
        f"{account}.{'0' * 12}.{mac}",
        f"{account}.{key}.{'A' * len(mac)}",
        f"{account}.{key}",
        token + "x",
        "é" * 20,
        "." * 200,
        "",
    ):
        assert TOKENS.account_of(forged) is None
    assert len(TOKENS.token_of("acc_" + "0" * 26)) < 128
