"""Ten thousand subscriptions come and go on real sockets, and nothing of them is left."""

import asyncio
import gc
import sys
from pathlib import Path
from typing import Final

import pytest
from websockets.frames import Close, Frame, Opcode

from accounts.storage import Database
from notify.client_socket import ClientSocket
from notify.conversation import Conversation
from notify.subscriber import Subscriber
from notify.talk import Talk
from tests.accounts.channels.world import OWNER
from tests.notify.listening import Stage, stage
from tests.notify.test_client_sockets import RawClient, alive, raw_client

TOPICS: Final = ("live", "channel:studio", "channel:garden")
TURNS: Final = 4  # of one socket, to hear of all topics and then of none
AT_ONCE: Final = 42
ROUNDS: Final = 20
KINDS: Final = (Talk, ClientSocket, Conversation, Subscriber)


@pytest.fixture
def model(sqlite_model: Path) -> Path:
    """One database: nothing here depends on which."""
    return sqlite_model


def command(kind: str) -> Frame:
    topics = ",".join(f'"{topic}"' for topic in TOPICS)
    return Frame(Opcode.TEXT, f'{{"type":"{kind}","topics":[{topics}]}}'.encode())


async def answer(client: RawClient, kind: bytes) -> None:
    """Read on until the server has done it; events may come before."""
    while (frame := await client.frame()) is not None:
        if b'"type":"%b"' % kind in frame.data:
            return
    raise AssertionError(f"the connection ended before {kind!r}")


async def come_and_go(on: Stage, number: int) -> None:
    async with raw_client(on) as client:
        for turn in range(TURNS):
            client.send(command("subscribe"))
            await answer(client, b"subscribed")
            if turn < TURNS - 1:
                client.send(command("unsubscribe"))
                await answer(client, b"unsubscribed")
        if number % 2:  # the others are cut, with all that they hear of
            client.send(Frame(Opcode.CLOSE, Close(1000, "").serialize()))
            await client.frames()


async def churn(on: Stage, rounds: int) -> None:
    channel = (await on.world.channels.see("studio", OWNER)).channel
    for place in range(rounds):
        coming = [asyncio.create_task(come_and_go(on, each)) for each in range(AT_ONCE)]
        on.tell(channel.id, "studio", f"title {place}")
        await asyncio.gather(*coming)
    async with asyncio.timeout(120):
        while alive(*KINDS):  # noqa: ASYNC110 - nobody tells when a socket is gone
            await asyncio.sleep(0.02)
    gc.collect()


async def test_ten_thousand_subscriptions_leave_nothing_behind(database: Database) -> None:
    assert AT_ONCE * ROUNDS * TURNS * len(TOPICS) >= 10_000
    limits = {"connections_per_address": 2_000, "commands_per_minute": 1e6}
    async with stage(database, replay_events=4, **limits) as on:
        gc.disable()  # nothing may wait for it
        try:
            await churn(on, 4)
            before = sys.getallocatedblocks()
            await churn(on, ROUNDS)
            grown = sys.getallocatedblocks() - before
        finally:
            gc.enable()
        bus = on.side._bus
        assert (len(bus), bus.key_count) == (0, 0)
        # Not one block for each socket: caches and counters grow by some, once.
        assert grown < AT_ONCE * ROUNDS // 2, grown
