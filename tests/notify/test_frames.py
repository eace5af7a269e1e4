"""What clients send, read from bytes; what goes out compressed, read by others."""

import itertools
import zlib
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.extensions.permessage_deflate import PerMessageDeflate
from websockets.frames import Frame
from websockets.frames import Opcode as TheirOpcode
from websockets.streams import StreamReader

from notify.close_code import CloseCode
from notify.deflation import accepted_extension, deflated_messages
from notify.frame import Opcode
from notify.frame_reader import FrameError, FrameReader, Message

LIMIT_BYTES = 1000
TEXT, CONTINUATION, PING = TheirOpcode.TEXT, TheirOpcode.CONT, TheirOpcode.PING


def sent(*frames: Frame) -> bytes:
    """Write frames as a client does, masked."""
    return b"".join(frame.serialize(mask=True) for frame in frames)


def read(content: bytes, *, inflates: bool = False, cuts: tuple[int, ...] = ()) -> list[Message]:
    """Read bytes, cut into pieces."""
    reader = FrameReader(LIMIT_BYTES, inflates=inflates)
    places = [0, *sorted(cut % (len(content) + 1) for cut in cuts), len(content)]
    return [
        message
        for begin, end in itertools.pairwise(places)
        for message in reader.feed(content[begin:end])
    ]


CUTS = st.lists(st.integers(0, 3000), max_size=6).map(tuple)


@given(st.lists(st.binary(max_size=300), max_size=5), CUTS)
@settings(deadline=None)
def test_messages_are_read_however_they_are_cut(texts: list[bytes], cuts: tuple[int, ...]) -> None:
    content = sent(*(Frame(TEXT, text) for text in texts))
    assert read(content, cuts=cuts) == [Message(Opcode.TEXT, text) for text in texts]


@given(st.lists(st.binary(max_size=200), min_size=1, max_size=5), CUTS)
@settings(deadline=None)
def test_fragments_make_one_message_and_pings_may_come_between(
    pieces: list[bytes], cuts: tuple[int, ...]
) -> None:
    frames = []
    for number, piece in enumerate(pieces):
        opcode = CONTINUATION if number else TEXT
        frames += [Frame(opcode, piece, fin=number == len(pieces) - 1), Frame(PING, b"?")]
    calls = [Message(Opcode.PING, b"?")] * len(pieces)
    found = read(sent(*frames), cuts=cuts)
    assert [each for each in found if each.opcode is Opcode.PING] == calls
    assert [each for each in found if each.opcode is Opcode.TEXT] == [
        Message(Opcode.TEXT, b"".join(pieces))
    ]


@given(st.binary(max_size=400), CUTS)
@settings(deadline=None)
def test_any_bytes_are_messages_or_an_error(content: bytes, cuts: tuple[int, ...]) -> None:
    with suppress(FrameError):
        read(content, inflates=True, cuts=cuts)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(Frame(TEXT, b"x").serialize(mask=False), CloseCode.PROTOCOL, id="no mask"),
        pytest.param(sent(Frame(CONTINUATION, b"x")), CloseCode.PROTOCOL, id="end of nothing"),
        pytest.param(
            sent(Frame(TEXT, b"x", fin=False), Frame(TEXT, b"y")),
            CloseCode.PROTOCOL,
            id="a message within another",
        ),
        pytest.param(b"\x83\x80\x00\x00\x00\x00", CloseCode.PROTOCOL, id="reserved opcode"),
        pytest.param(b"\x89\xfe\x00\x7e", CloseCode.PROTOCOL, id="ping of 126 bytes"),
        pytest.param(b"\x09\x80\x00\x00\x00\x00", CloseCode.PROTOCOL, id="ping in fragments"),
        pytest.param(b"\xa1\x80\x00\x00\x00\x00", CloseCode.PROTOCOL, id="RSV2"),
        pytest.param(
            b"\xc1\x80\x00\x00\x00\x00", CloseCode.PROTOCOL, id="compression not agreed upon"
        ),
        pytest.param(
            b"\x81\xff\x00\x00\x00\x00\x40\x00\x00\x00",
            CloseCode.TOO_LARGE,
            id="too large by its head alone",
        ),
        pytest.param(
            sent(Frame(TEXT, b"x" * 600, fin=False), Frame(CONTINUATION, b"x" * 600)),
            CloseCode.TOO_LARGE,
            id="too large with its second fragment",
        ),
    ],
)
def test_what_breaks_the_rules_is_told_so(content: bytes, code: CloseCode) -> None:
    with pytest.raises(FrameError) as refused:
        read(content)
    assert refused.value.code is code


def compressed(text: bytes) -> bytes:
    """Write one compressed message, as a client that keeps nothing."""
    deflating = PerMessageDeflate(
        local_no_context_takeover=True,
        remote_no_context_takeover=True,
        local_max_window_bits=15,
        remote_max_window_bits=15,
    )
    return Frame(TEXT, text).serialize(mask=True, extensions=[deflating])


def test_what_clients_compress_is_read_each_by_itself() -> None:
    texts = [b'{"type":"ping"}', b'{"type":"ping","ref":1}', b""]
    found = read(b"".join(map(compressed, texts)), inflates=True)
    assert [message.payload for message in found] == texts


def test_a_small_message_that_means_a_large_one_is_not_unpacked() -> None:
    with pytest.raises(FrameError) as refused:
        read(compressed(b"x" * 500_000), inflates=True)
    assert refused.value.code is CloseCode.TOO_LARGE


def test_what_is_no_compressed_message_ends_it() -> None:
    content = b"\xc1\x83\x00\x00\x00\x00\xff\xff\xff"
    with pytest.raises(FrameError) as refused:
        read(content, inflates=True)
    assert refused.value.code is CloseCode.NOT_TEXT


ROOM = [
    b'{"type":"chat.message","text":"message number %d","channel":"studio"}' % n for n in range(40)
]


@pytest.mark.parametrize("window_bits", [12, 15])
def test_others_read_what_is_compressed_whatever_they_have_read_before(window_bits: int) -> None:
    reading = PerMessageDeflate(
        local_no_context_takeover=False,
        remote_no_context_takeover=True,
        local_max_window_bits=15,
        remote_max_window_bits=window_bits,
    )
    reading.remote_no_context_takeover = False  # it keeps what it has read, as clients do
    reading.decoder = zlib.decompressobj(wbits=-window_bits)
    for texts in (ROOM, ROOM[7:9], [b"x" * 70_000], ROOM[::-1]):
        content = deflated_messages(texts)
        assert len(content) < len(b"".join(texts))
        stream = StreamReader()
        stream.feed_data(content)
        found = []
        for _ in texts:
            parsing = Frame.parse(
                stream.read_exact, mask=False, max_size=None, extensions=[reading]
            )
            with pytest.raises(StopIteration) as parsed:
                next(parsing)
            found.append(parsed.value.value.data)
        assert found == texts


def test_what_is_alike_costs_a_third_at_most() -> None:
    assert len(deflated_messages(ROOM)) < len(b"".join(ROOM)) / 3


@pytest.mark.parametrize(
    ("offered", "answered"),
    [
        ("", None),
        ("x-webkit-deflate-frame", None),
        ("permessage-deflate", "permessage-deflate; client_no_context_takeover"),
        (
            "permessage-deflate; client_max_window_bits",
            "permessage-deflate; client_no_context_takeover",
        ),
        (
            "permessage-deflate; server_max_window_bits=12; client_max_window_bits=12",
            "permessage-deflate; client_no_context_takeover; server_max_window_bits=12",
        ),
        (
            'foo, Permessage-Deflate ; server_max_window_bits="15"',
            "permessage-deflate; client_no_context_takeover; server_max_window_bits=12",
        ),
        ("permessage-deflate; server_max_window_bits=10", None),
        ("permessage-deflate; server_max_window_bits=99", None),
        ("permessage-deflate; server_no_context_takeover", None),
        ("permessage-deflate; client_max_window_bits; client_max_window_bits", None),
        ("permessage-deflate; unheard_of", None),
        (
            "permessage-deflate; server_no_context_takeover, permessage-deflate",
            "permessage-deflate; client_no_context_takeover",
        ),
    ],
)
def test_an_offer_is_taken_if_one_stream_of_bytes_can_be_for_all(
    offered: str, answered: str | None
) -> None:
    assert accepted_extension(offered) == answered
