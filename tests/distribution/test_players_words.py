"""What players tell, with requests and by beacons: passed on, and otherwise as if nobody had."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distribution.application import Application
from distribution.cmcd_text import CmcdText, cut_from_head, cut_from_line
from distribution.held_requests import NOT_PLAIN, Beacon, HeldRequests, PlainRequest
from distribution.live.target import read_live_target
from distribution.request_head import read_request_line
from distribution.server import HttpServer
from distribution.settings import HttpSettings
from packager.live import Publications
from tests.distribution.raw import RawViewer
from tests.distribution.show import Show

VIDEO = "/live/ada/e1/video"
SAID = b"bl%3D2100%2Cot%3Dv"
LINES = [
    (b"GET /live/a/x?CMCD=%b HTTP/1.1", b"GET /live/a/x HTTP/1.1"),
    (b"GET /live/a/x?CMCD=%b&_HLS_msn=3 HTTP/1.1", b"GET /live/a/x?_HLS_msn=3 HTTP/1.1"),
    (b"GET /live/a/x?_HLS_msn=3&CMCD=%b HTTP/1.1", b"GET /live/a/x?_HLS_msn=3 HTTP/1.1"),
    (b"GET /live/a/x?a=b&CMCD=%b&c=d HTTP/1.0", b"GET /live/a/x?a=b&c=d HTTP/1.0"),
    (b"GET http://h/live/x?CMCD=%b HTTP/1.1", b"GET http://h/live/x HTTP/1.1"),
]
UNCUT = [
    b"GET /live/a/CMCD=b HTTP/1.1",
    b"GET?CMCD=a /live/a/x HTTP/1.1",
    b"GET /live/a/x HTTP/1.1?CMCD=a",
    b"GET /live/a/x?CMCD=a HTTP/1.1 b",
    b"GET /live/a&CMCD=b/x?c HTTP/1.1",
    b"GET /live/a/x?xCMCD=b HTTP/1.1",
    b"GET /live/a/x?CMCD=a\r\n\r\nGET /live/b HTTP/1.1",
    b"GET /live/a/x?CMCD=a\x00b HTTP/1.1",
    b"GET /live/a/x?CMCD=a#b HTTP/1.1",
    b"GET /live/a/x?CMCD=\xc3\xa4 HTTP/1.1",
    b"",
]


@pytest.mark.parametrize(("line", "left"), LINES, ids=range(len(LINES)))
def test_cmcd_is_cut_out_of_the_query(line: bytes, left: bytes) -> None:
    assert cut_from_line(line % SAID) == (left, SAID)
    assert cut_from_line(line % b"") == (left, b"")


@pytest.mark.parametrize("line", UNCUT, ids=range(len(UNCUT)))
def test_what_is_not_cmcd_stays(line: bytes) -> None:
    assert cut_from_line(line) == (line, None)


@given(st.text(alphabet="CMCD=&?/ab%\r\n \x00#ä", max_size=40))
def test_a_cut_makes_nothing_plain_that_was_not(query: str) -> None:
    line = f"GET /live/a/x?{query} HTTP/1.1".encode()
    left, said = cut_from_line(line)
    assert (read_request_line(left) is None) == (read_request_line(line) is None)
    if said is None:
        assert left == line
    else:
        assert len(line) - len(left) in {len(said) + 5, len(said) + 6}


FIELDS = b'\r\nHost: a\r\nCMCD-Request: bl=2100\r\nA: b\r\ncmcd-session:\tsid="a"\r\n\r\n'


def test_cmcd_is_cut_out_of_the_fields() -> None:
    assert cut_from_head(FIELDS) == (b"\r\nHost: a\r\nA: b\r\n\r\n", b"bl=2100")
    for name in (b"CMCD", b"cmcd"):
        row = b"\r\nHost: a\r\n%b-Request: b\r\n%b-Status:c\r\nA: b\r\n\r\n" % (name, name)
        assert cut_from_head(row) == (b"\r\nHost: a\r\nA: b\r\n\r\n", b"b,c")
        apart = row.replace(b"\r\nHost: a", b"").replace(b"b\r\n", b"b\r\nHost: a\r\n", 1)
        assert cut_from_head(apart) == (b"\r\nHost: a\r\nA: b\r\n\r\n", b"b,c")
    for odd in (b"\r\nCMCD-Request: a\x00b\r\n\r\n", b"\r\nCMCD-Other: a\r\n\r\n", b"\r\n\r\n"):
        assert cut_from_head(odd) == (odd, None)


@given(st.lists(st.sampled_from([b"CMCD-Request: a", b"cmcd-status:b", b"CMCD-X: c", b"A: d"])))
def test_fields_are_cut_out_wherever_they_stand(lines: list[bytes]) -> None:
    head = b"".join(b"\r\n" + line for line in lines) + b"\r\n\r\n"
    cut = [line for line in lines if line[5:6] in {b"R", b"s"}]
    left, said = cut_from_head(head)
    kept = b"".join(b"\r\n" + line for line in lines if line not in cut) + b"\r\n\r\n"
    assert left == kept
    assert said == (b",".join(line[-1:] for line in cut) if cut else None)


def test_known_fields_are_recognised_whatever_is_said_with_them() -> None:
    held = HeldRequests()
    line = b"GET /live/ada/e1/video/part-2.m4s HTTP/1.1"
    held.keep(line + b"\r\nHost: a\r\nA: b\r\n\r\n")
    first = held.take()
    assert isinstance(first, PlainRequest)
    assert first.cmcd is None
    assert held.recognise(line + FIELDS) == first.target
    assert held.known_cmcd == CmcdText(b"bl=2100", b"\r\nHost: a\r\nA: b\r\n\r\n")
    asked = line.replace(b" HTTP", b"?CMCD=" + SAID + b" HTTP")
    assert held.recognise(asked + b"\r\nHost: a\r\nA: b\r\n\r\n") == first.target
    assert held.known_cmcd is not None
    block = held.known_cmcd.block
    assert held.known_cmcd.text == SAID
    held.keep(asked + FIELDS)
    taken = held.take()
    assert isinstance(taken, PlainRequest)
    assert taken.target == first.target == read_live_target(line)
    assert taken.cmcd is not None
    assert taken.cmcd.block is block
    assert held.recognise(line + b"\r\nHost: a\r\nA: b\r\n\r\n") == first.target
    assert held.known_cmcd is None


BEACON = b"POST /api/beacon HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nA: b\r\n\r\n"


@pytest.mark.parametrize("step", [1, 7, 1000])
def test_beacons_are_cut_out_however_they_come(step: int) -> None:
    held = HeldRequests(takes_beacons=True)
    found = []
    sent = BEACON + b"body" + BEACON + b"next" + b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    for start in range(0, len(sent), step):
        held.keep(sent[start : start + step])
        while (request := held.take()) is not None:
            found.append(request)
    one, two, page = found
    assert isinstance(one, Beacon)
    assert isinstance(two, Beacon)
    assert (one.body, two.body) == (b"body", b"next")
    assert one.block == b"\r\nHost: a\r\nA: b\r\n\r\n"
    assert one.block is two.block
    assert isinstance(page, PlainRequest)


@pytest.mark.parametrize(
    "head",
    [
        BEACON.replace(b"Content-Length: 4\r\n", b""),
        BEACON.replace(b"A: b", b"Content-Length: 4"),
        BEACON.replace(b"A: b", b"content-length: 5"),
        BEACON.replace(b"Content-Length: 4", b"Content-Length: +4"),
        BEACON.replace(b"Content-Length: 4", b"Content-Length: 4, 4"),
        BEACON.replace(b"Content-Length: 4", b"Content-Length : 4"),
        BEACON.replace(b"Content-Length: 4", b"Content-Length: 2049"),
        BEACON.replace(b"A: b", b"Transfer-Encoding: chunked"),
        BEACON.replace(b"A: b", b"Expect: 100-continue"),
        BEACON.replace(b"A: b", b"Connection: close"),
        BEACON.replace(b"Host: a\r\n", b""),
        BEACON.replace(b"/api/beacon", b"/api/beacon?a"),
        BEACON.replace(b"1.1", b"1.0"),
    ],
    ids=range(13),
)
def test_what_is_posted_otherwise_is_for_another_parser(head: bytes) -> None:
    held = HeldRequests(takes_beacons=True)
    held.keep(head + b"body")
    assert held.take() is NOT_PLAIN


def test_nobody_who_takes_no_beacons_reads_them() -> None:
    held = HeldRequests()
    held.keep(BEACON)
    assert held.take() is NOT_PLAIN


@dataclass
class Listener:
    """Notes all it hears."""

    heard: list[tuple[str, bytes]] = field(default_factory=list)
    beacons: list[bytes] = field(default_factory=list)
    blocks: list[bytes] = field(default_factory=list)
    status: int = 204
    stride: int = 1
    unread: int = 0
    always_read: bytes = b"bs"

    def note_cmcd(self, channel: str, cmcd: CmcdText, peer: str) -> None:
        assert peer == "127.0.0.1"
        self.unread = 0
        self.heard.append((channel, cmcd.text))
        self.blocks.append(cmcd.block)

    def take_beacon(self, body: bytes, block: bytes, peer: str) -> int:
        assert peer == "127.0.0.1"
        self.beacons.append(body)
        self.blocks.append(block)
        return self.status


@dataclass
class Heard:
    """A server with a listener, and one viewer's connection to it."""

    listener: Listener
    show: Show
    server: HttpServer
    viewer: RawViewer

    async def exchange(self, sent: bytes) -> bytes:
        """Send requests of which the last one closes, and return all answers without dates."""
        await self.viewer.send(sent)
        return re.sub(rb"Date: [^\r]*\r\n", b"", await self.viewer.read_all())


@pytest.fixture
async def heard() -> AsyncIterator[Heard]:
    show = Show()
    show.add_segments(3)
    publications = Publications(2)
    publications.open(show.publication)
    listener = Listener()
    settings = HttpSettings(host="127.0.0.1", port=0)
    server = HttpServer(Application(publications, settings, listener=listener))
    await server.start()
    viewer = await RawViewer.connect(server.port)
    yield Heard(listener, show, server, viewer)
    viewer.close()
    await server.stop()


def get(path: str, *lines: str, is_last: bool = False, method: str = "GET") -> bytes:
    last = ("Connection: close",) if is_last else ()
    head = (f"{method} {path} HTTP/1.1", "Host: a", *lines, *last, "", "")
    return "\r\n".join(head).encode()


CHUNKED = b"POST /live/ada/index.m3u8 HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx"


@pytest.mark.parametrize("before", [b"", CHUNKED], ids=["here", "by aiohttp"])
async def test_answers_are_the_same_and_shared_whatever_is_said(
    heard: Heard, before: bytes
) -> None:
    playlist = f"{VIDEO}/index.m3u8"
    said = SAID.decode()
    sent = (
        before
        + get(playlist)
        + get(f"{playlist}?CMCD={said}")
        + get(playlist, "CMCD-Request: bl=2100")
        + get(f"{VIDEO}/part-2.m4s")
        + get(f"{VIDEO}/part-2.m4s?CMCD={said}1", is_last=True)
    )
    answers = await heard.exchange(sent)
    heads = re.findall(rb"HTTP/1\.1 200 OK\r\n.*?\r\n\r\n", answers, re.DOTALL)
    assert len(heads) == 5
    assert heads[0] == heads[1] == heads[2]
    assert [text for _, text in heard.listener.heard] == [SAID, b"bl=2100", SAID + b"1"]
    assert {channel for channel, _ in heard.listener.heard} == {"ada"}
    rendition = heard.show.publication.renditions["video"]
    assert len(rendition.answers) == 2


async def test_of_many_requests_some_are_passed_on_and_all_are_counted(heard: Heard) -> None:
    heard.listener.stride = 3
    answers = b""
    for number in range(8):
        said = b"bl%%3D%d%b" % (number, b"%2Cbs" if number == 6 else b"")
        await heard.viewer.send(get(f"{VIDEO}/part-2.m4s?CMCD={said.decode()}"))
        while answers.count(b"HTTP/1.1 200 OK") <= number:
            answers += await heard.viewer.read_some()
    # The first is not recognised yet, but read; of the others every third, and who starves.
    assert [text for _, text in heard.listener.heard] == [
        b"bl%3D0",
        b"bl%3D3",
        b"bl%3D6%2Cbs",
    ]
    assert heard.listener.unread == 1


async def test_what_a_cache_reports_is_not_heard_once_more(heard: Heard) -> None:
    said = SAID.decode()
    answers = await heard.exchange(
        get(f"{VIDEO}/index.m3u8?CMCD={said}&seen=1")
        + get(f"{VIDEO}/index.m3u8?seen=1", "CMCD-Request: bl=2100")
        + get(f"{VIDEO}/index.m3u8?CMCD={said}", is_last=True)
    )
    assert answers.count(b"HTTP/1.1 204") == 2
    assert [text for _, text in heard.listener.heard] == [SAID]


async def test_nobody_is_heard_who_may_not_watch_or_only_asks_what_he_may(heard: Heard) -> None:
    said = SAID.decode()
    answers = await heard.exchange(
        get(f"/live/nobody/index.m3u8?CMCD={said}")
        + get(f"{VIDEO}/index.m3u8?CMCD={said}", method="HEAD")
        + get(f"{VIDEO}/index.m3u8?CMCD={said}", "Origin: https://b", method="OPTIONS")
        + get(f"/health?CMCD={said}", is_last=True)
    )
    assert {channel for channel, _ in heard.listener.heard} <= {"nobody"}
    preflight = answers[answers.index(b"HTTP/1.1 204") :]
    for name in (b"CMCD-Object", b"CMCD-Request", b"CMCD-Session", b"CMCD-Status"):
        assert name in preflight.split(b"\r\n\r\n")[0]


async def test_beacons_leave_the_connection_as_it_was(heard: Heard) -> None:
    media = get(f"{VIDEO}/index.m3u8")
    answers = await heard.exchange(
        media + BEACON + b"body" + media + BEACON + b"next" + get("/health", is_last=True)
    )
    assert heard.listener.beacons == [b"body", b"next"]
    assert answers.count(b"HTTP/1.1 204 No Content\r\nCache-Control: no-store\r\n\r\n") == 2
    assert answers.count(b"HTTP/1.1 200 OK") == 3


async def test_a_body_that_does_not_come_holds_no_connection(
    heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("distribution.beacon_api.BODY_LIMIT_S", 0.05)
    answer = await heard.exchange(BEACON.replace(b"A: b", b"Expect: 100-continue") + b"bod")
    assert b"HTTP/1.1 408 " in answer
    assert heard.listener.beacons == []


@pytest.mark.parametrize("status", [204, 400, 429])
async def test_beacons_by_aiohttp_are_answered_alike(heard: Heard, status: int) -> None:
    heard.listener.status = status
    odd = BEACON.replace(b"A: b", b"A: b\r\nConnection: close")
    answer = await heard.exchange(BEACON + b"body" + odd + b"next")
    assert heard.listener.beacons == [b"body", b"next"]
    one, two, _ = answer.split(b"\r\n\r\n")
    assert one.split(b"\r\n")[0] == two.split(b"\r\n")[0]
    assert one.startswith(b"HTTP/1.1 %d " % status)
    assert b"Cache-Control: no-store" in one
    assert b"Cache-Control: no-store" in two


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (BEACON.replace(b"Length: 4", b"Length: 2049") + b"x" * 2049, 413),
        (
            BEACON.replace(b"Content-Length: 4", b"Transfer-Encoding: chunked")
            + b"4\r\nbody\r\n0\r\n\r\n",
            411,
        ),
    ],
    ids=["too large", "of no length"],
)
async def test_bodies_have_a_bound(heard: Heard, sent: bytes, status: int) -> None:
    answer = await heard.exchange(sent + get("/health", is_last=True))
    assert answer.startswith(b"HTTP/1.1 %d " % status)
    assert heard.listener.beacons == []
