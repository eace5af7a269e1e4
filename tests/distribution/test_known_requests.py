"""Requests of who has asked before: compared rather than read, and never taken for others."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distribution.cmcd_text import CmcdText
from distribution.held_requests import HeldRequests, PlainRequest
from distribution.request_head import MAX_HEAD_BYTES, read_fields
from fuzz.harness.request_heads import check_as_aiohttp_reads, read_requests

PART = b"/live/ada/e1/video/part-7.m4s"
PLAYLIST = b"/live/ada/e1/video/index.m3u8?s=AbCd-_012345&_HLS_msn=7&_HLS_part=1"
SHORT = b"\r\nHost: a.example\r\nAccept: */*"
# As Chromium 156 sends them with what hls.js sets: its own fields stand among those.
CHROMIUM = (
    b'\r\nHost: a.example\r\nConnection: keep-alive\r\nsec-ch-ua-platform: "Linux"%b'
    b"\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0.0.0 Safari/537.36%b%b"
    b'\r\nsec-ch-ua: "Chromium";v="156"\r\nAccept: */*\r\nReferer: https://a.example/ada'
    b"\r\nAccept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: en-US,en;q=0.9"
)
OBJECT, REQUEST = b"\r\nCMCD-Object: br=4000,d=200,ot=v", b"\r\nCMCD-Request: bl=2100,mtp=25000"
SESSION, STATUS = b'\r\nCMCD-Session: cid="a b",sf=h,st=l', b"\r\nCMCD-Status: bs"
IN_FIELDS = b"br=4000,d=200,ot=v,bl=2100,mtp=25000"
IN_QUERY = b"bl%3D2100%2Cbr%3D4000%2Cot%3Dv%2Csid%3D%226e2fb550-c457-11e9-bb97-0800200c9a66%22"


def head(target: bytes, fields: bytes) -> bytes:
    return b"GET %b HTTP/1.1%b\r\n\r\n" % (target, fields)


# What a player sends, the same without what it says, and that.
PLAYERS = {
    "silent": (head(PLAYLIST, SHORT), head(PLAYLIST, SHORT), None),
    "hls.js": (
        head(PART, CHROMIUM % (OBJECT, SESSION, REQUEST)),
        head(PART, CHROMIUM % (b"", b"", b"")),
        IN_FIELDS,
    ),
    "hls.js without a session": (
        head(PLAYLIST, CHROMIUM % (OBJECT, b"", REQUEST)),
        head(PLAYLIST, CHROMIUM % (b"", b"", b"")),
        IN_FIELDS,
    ),
    "fields in a row": (
        head(PART, SHORT + OBJECT + REQUEST + SESSION + STATUS),
        head(PART, SHORT),
        IN_FIELDS + b",bs",
    ),
    "fields through a proxy of HTTP/2": (
        head(PART, SHORT + OBJECT.replace(b"CMCD-O", b"cmcd-o") + REQUEST.lower()),
        head(PART, SHORT),
        IN_FIELDS,
    ),
    "a session alone": (head(PART, SHORT + SESSION), head(PART, SHORT), b""),
    "spaces": (
        head(PART, SHORT + b"\r\nCMCD-Status:\t bs , rtp=2 "),
        head(PART, SHORT),
        b"bs , rtp=2 ",
    ),
    "Shaka": (head(PART + b"?CMCD=" + IN_QUERY, SHORT), head(PART, SHORT), IN_QUERY),
    "query behind directives": (
        head(PLAYLIST + b"&CMCD=" + IN_QUERY, SHORT),
        head(PLAYLIST, SHORT),
        IN_QUERY,
    ),
    "query before others": (
        head(PART + b"?CMCD=" + IN_QUERY + b"&a=b", SHORT),
        head(PART + b"?a=b", SHORT),
        IN_QUERY,
    ),
    "query and fields": (
        head(PART + b"?CMCD=" + IN_QUERY, SHORT + OBJECT + REQUEST),
        head(PART, SHORT),
        IN_FIELDS,
    ),
}


def taken(sent: bytes) -> PlainRequest | None:
    """Return what a connection that knows nothing reads, if it is one plain request for media."""
    held = HeldRequests()
    held.keep(sent)
    request = held.take()
    is_one = isinstance(request, PlainRequest) and not len(held)
    if not is_one or not isinstance(request, PlainRequest) or request.target is None:
        return None
    return request


def check_recognised(held: HeldRequests, sent: bytes) -> bool:
    """Hold what is recognised against what is read; whether anything is."""
    target = held.recognise(sent)
    if target is None:
        return False
    reader = HeldRequests()
    reader.keep(sent)
    request = reader.take()
    assert isinstance(request, PlainRequest)
    assert request.head == sent
    assert (request.target, request.fields) == (target, held.known_fields)
    assert (request.cmcd, reader.session) == (held.known_cmcd, held.session)
    check_as_aiohttp_reads(request)
    return True


@pytest.mark.parametrize("name", PLAYERS)
@pytest.mark.parametrize("first", PLAYERS)
def test_what_a_player_says_is_cut_out_of_requests_that_are_known(first: str, name: str) -> None:
    sent, silent, said = PLAYERS[name]
    held = HeldRequests()
    for request in (PLAYERS[first][0], silent):
        held.keep(request)
        assert isinstance(held.take(), PlainRequest)
    for _ in range(3):  # it is learned, and known
        assert check_recognised(held, sent)
        assert held.known_cmcd == (None if said is None else CmcdText(said, fields_of(silent)))
        assert held.recognise(silent) == held.recognise(sent)
    assert check_recognised(held, silent)
    assert held.known_cmcd is None


def fields_of(sent: bytes) -> bytes:
    return sent[sent.index(b"\r\n") :]


@pytest.mark.parametrize("name", PLAYERS)
def test_requests_of_players_are_read_however_they_come(name: str) -> None:
    sent, silent, _ = PLAYERS[name]
    whole = list(read_requests(sent + silent, len(sent + silent)))
    assert len(whole) == 2
    for step in (1, 7, len(sent)):
        assert list(read_requests(sent + silent, step)) == whole


@dataclass
class Share:
    """One of so many is heard."""

    stride: int
    unread: int = 0
    always_read: bytes = b"bs"


@pytest.mark.parametrize("name", [name for name, (_, _, said) in PLAYERS.items() if said])
def test_what_nobody_will_read_is_counted_and_not_kept(name: str) -> None:
    sent, silent, said = PLAYERS[name]
    assert said is not None
    share = Share(3)
    held = HeldRequests(hearing=share)
    held.keep(silent)
    held.take()
    kept = []
    for _ in range(4):
        assert held.recognise(sent) == taken(sent).target  # type: ignore[union-attr] # it is plain
        kept.append(held.known_cmcd is not None)
    has_starved = b"bs" in said
    assert kept == ([True] * 4 if has_starved else [False, False, True, True])
    assert share.unread == (0 if has_starved else 2)


def test_sessions_may_vary() -> None:
    held = HeldRequests()
    held.keep(head(PART, SHORT))
    held.take()
    for number in range(9):
        sent = head(PART, SHORT + OBJECT + b"\r\nCMCD-Session: pr=1.0%d" % number + REQUEST)
        assert check_recognised(held, sent)
        assert held.known_cmcd is not None
        assert held.known_cmcd.text == IN_FIELDS
    for odd in (b"\0", b"\n"):
        sent = head(PART, SHORT + OBJECT + b"\r\nCMCD-Session: pr=1" + odd + REQUEST)
        assert held.recognise(sent) is None
        assert taken(sent) is None


def test_what_is_said_in_other_words_is_recognised_as_well() -> None:
    held = HeldRequests()
    held.keep(head(PART, SHORT))
    held.take()
    for said in (OBJECT, REQUEST + OBJECT, STATUS + OBJECT, OBJECT + REQUEST + STATUS, OBJECT):
        assert check_recognised(held, head(PART, SHORT + said))
        assert check_recognised(
            held, head(PART, SHORT.replace(b"\r\nAccept", said + b"\r\nAccept"))
        )


@pytest.mark.parametrize(
    "fields",
    [
        SHORT + b"\r\nCMCD-Object: a" * 64,
        SHORT + OBJECT + b"=" * MAX_HEAD_BYTES,
        SHORT + OBJECT + b"\r\n folded",
        SHORT + OBJECT + b"\r\nCMCD-Other",
        SHORT + b"\r\nContent-Length: 4" + OBJECT,
        SHORT + OBJECT + b"\x00",
        SHORT + OBJECT + b"\n",
        SHORT + OBJECT + b"\r\n\r\nGET / HTTP/1.1" + SHORT,
    ],
    ids=["fields", "bytes", "folded", "no field", "body", "NUL", "line feed", "two"],
)
def test_what_is_not_plain_is_recognised_as_nothing(fields: bytes) -> None:
    held = HeldRequests()
    held.keep(head(PART, SHORT))
    held.take()
    for known in (SHORT, SHORT + OBJECT, SHORT + OBJECT):
        assert held.recognise(head(PART, known)) is not None
        assert held.recognise(head(PART, fields)) is None
        assert taken(head(PART, fields)) is None


def test_what_follows_a_request_is_no_field_of_it() -> None:
    for behind in (OBJECT, OBJECT + REQUEST, SESSION):
        held = HeldRequests()
        for _ in range(2):
            held.keep(head(PART, SHORT))
            assert isinstance(held.take(), PlainRequest)
            assert (
                held.recognise(head(PART, SHORT).removesuffix(b"\r\n") + behind + b"\r\n") is None
            )
            assert held.recognise(head(PART, SHORT) + behind + b"\r\n") is None
            assert held.recognise(head(PART, SHORT + behind)) is not None


def test_nothing_is_known_at_first() -> None:
    for end in (b"", b"\0", b"\r", b"\r\n\r\n"):
        assert HeldRequests().recognise(b"GET /live/ada/index.m3u8 HTTP/1.1" + end) is None


EVIL = [b"\r\n", b"\r\n\r\n", b"\n", b"\r", b"\0", b" ", b"\t", b":", b"&", b"?", b"#", b"\xe4"]
ODD = [*EVIL, b"CMCD=", b"&CMCD=", b"?CMCD=a", b"s=", b"?s=AbCd-_012345", b" HTTP/1.1", b"%2C"]
LINES = [OBJECT, REQUEST, SESSION, STATUS, b"\r\nContent-Length: 4", b"\r\nHost: b", SHORT]


@st.composite
def changed(draw: st.DrawFn) -> bytes:
    """Return what a player sends, with something put in, left out or sent twice."""
    said, silent, _ = PLAYERS[draw(st.sampled_from(list(PLAYERS)))]
    sent = draw(st.sampled_from([said, silent]))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(sent)))
        end = draw(st.sampled_from([at, at + 1, at + 12]))
        sent = sent[:at] + draw(st.sampled_from([*ODD, *LINES])) + sent[end:]
    return sent


@given(st.sampled_from(list(PLAYERS)), st.lists(changed(), min_size=1, max_size=6))
def test_only_what_would_be_read_alike_is_recognised(first: str, requests: list[bytes]) -> None:
    held = HeldRequests()
    held.keep(PLAYERS[first][1])
    held.take()
    for _ in range(2):
        assert check_recognised(held, PLAYERS[first][0])
    for sent in requests:
        if not check_recognised(held, sent) and taken(sent) is not None:
            held.keep(sent)
            assert isinstance(held.take(), PlainRequest)
            block = fields_of(sent)
            assert read_fields(block) is not None
