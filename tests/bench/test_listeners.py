"""The listeners' load maker reads what a server says, however it is cut into pieces."""

import asyncio
import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.load.listeners import Heard, Listener
from notify.frame import text_frame

WELCOME = (
    b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
    text_frame(b'{"type":"welcome"}'),
    text_frame(b'{"type":"subscribed","refused":[]}'),
)


class Transport:
    """Writes down what is sent."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def write(self, content: bytes) -> None:
        """Take it."""
        self.sent.append(content)


def heard_of(content: bytes, cuts: list[int], *, reads: bool = True) -> tuple[Heard, Transport]:
    async def hear() -> tuple[Heard, Transport]:
        heard, transport = Heard(), Transport()
        listener = Listener(heard, "127.0.0.1:1", "cookie", ["me"], reads=reads)
        listener.connection_made(transport)
        places = [0, *sorted({cut % (len(content) + 1) for cut in cuts}), len(content)]
        for begin, end in pairwise(places):
            if end > begin:
                listener.data_received(content[begin:end])
        assert listener.listens.done()
        return heard, transport

    return asyncio.run(hear())


def event(**members: Any) -> bytes:
    return text_frame(json.dumps({"at": "2026-11-21T12:00:00.000Z", **members}).encode())


@given(st.lists(st.integers(0, 5000), max_size=8))
@settings(deadline=None, max_examples=30)
def test_events_are_read_however_they_are_cut(cuts: list[int]) -> None:
    alert = event(type="notification.added", channel="studio", title="x" * 200)
    heard, _ = heard_of(b"".join((*WELCOME, alert, event(type="channel.live"), alert)), cuts)
    assert {type_: len(delays) for type_, delays in heard.delays_ms.items()} == {
        "notification.added": 2,
        "channel.live": 1,
    }
    assert len(heard.alerts_ms["studio"]) == 2
    assert not heard.lost


@pytest.mark.parametrize("answer", ["503 Service Unavailable", "429 Too Many Requests"])
def test_a_refusal_is_counted(answer: str) -> None:
    heard, _ = heard_of(f"HTTP/1.1 {answer}\r\n\r\n".encode(), [])
    assert heard.lost == {f"HTTP/1.1 {answer}": 1}


def test_a_ping_is_answered_and_an_end_is_counted() -> None:
    heard, transport = heard_of(b"".join((*WELCOME, b"\x89\x01!", b"\x88\x02\x11\x30")), [])
    assert transport.sent[-1] == b"\x8a\x81\0\0\0\0!"
    assert heard.lost == {"closed with 4400": 1}
