"""The simple handshake, as publishers begin it."""

import pytest

from ingest.rtmp.errors import ErrorCode, LocalProtocolError, RemoteProtocolError
from ingest.rtmp.handshake import ServerHandshake
from tests.ingest.rtmp.encoder import C0_C1, C2

RANDOM = bytes(range(191)) * 8


def test_reply_is_version_3_then_a_plain_s1_then_c1_again() -> None:
    reply, rest = ServerHandshake(RANDOM).receive(C0_C1)
    assert rest is None
    assert reply[:1] == b"\x03"
    assert reply[1:9] == bytes(8)  # ffmpeg as a player takes anything else for a digest
    assert reply[9:1537] == RANDOM
    assert reply[1537:] == C0_C1[1:]


@pytest.mark.parametrize("tail", [b"", b"\x02", b"\x02" * 5000])
def test_bytes_after_c2_are_given_back(tail: bytes) -> None:
    reply, rest = ServerHandshake(RANDOM).receive(C0_C1 + C2 + tail)
    assert len(reply) == 3073
    assert rest == tail


def test_handshake_may_come_byte_by_byte() -> None:
    handshake = ServerHandshake(RANDOM)
    data = C0_C1 + C2
    replies = []
    for index in range(len(data)):
        reply, rest = handshake.receive(data[index : index + 1])
        replies.append(reply)
        assert (rest == b"") is (index == len(data) - 1)
    assert [index for index, reply in enumerate(replies) if reply] == [1536]


@pytest.mark.parametrize(
    ("first", "code", "text"),
    [
        (b"\x16\x03\x01", ErrorCode.NOT_RTMP, "TLS"),
        (b"GET / HTTP/1.1", ErrorCode.NOT_RTMP, "HTTP"),
        (b"POST /open/1", ErrorCode.NOT_RTMP, "HTTP"),
        (b"\x06", ErrorCode.BAD_HANDSHAKE, "RTMPE"),
        (b"\x08", ErrorCode.BAD_HANDSHAKE, "RTMPE"),
        (b"\x00", ErrorCode.BAD_HANDSHAKE, "got 0"),
    ],
)
def test_other_protocols_are_told_apart_by_their_first_byte(
    first: bytes, code: ErrorCode, text: str
) -> None:
    with pytest.raises(RemoteProtocolError, match=text) as caught:
        ServerHandshake(RANDOM).receive(first)
    assert caught.value.code is code


def test_s1_needs_all_its_random_bytes() -> None:
    with pytest.raises(LocalProtocolError, match="expected 1528 bytes, got 3"):
        ServerHandshake(b"abc")
