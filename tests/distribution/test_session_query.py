"""The name of a session in request lines: taken out where it stands first, and put into URLs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distribution.held_requests import NOT_PLAIN, HeldRequests, PlainRequest
from distribution.live.session_query import split_session, split_session_query, with_session
from distribution.live.target import read_live_target
from distribution.request_head import read_request_line

NAME = b"AbCd-_012345"
LINES = [
    (b"GET /live/a/e/video/index.m3u8?s=%b HTTP/1.1", b"GET /live/a/e/video/index.m3u8 HTTP/1.1"),
    (b"GET /x?s=%b&_HLS_msn=4&_HLS_part=1 HTTP/1.1", b"GET /x?_HLS_msn=4&_HLS_part=1 HTTP/1.1"),
    (b"GET /live/a/manifest.mpd?s=%b&show=e HTTP/1.1", b"GET /live/a/manifest.mpd?show=e HTTP/1.1"),
    (b"GET /x?s=%b& HTTP/1.1", b"GET /x? HTTP/1.1"),
]
NAMELESS = [
    b"GET /x HTTP/1.1",
    b"GET /x?s= HTTP/1.1",
    b"GET /x?s=short HTTP/1.1",
    b"GET /x?s=AbCd-_012345x HTTP/1.1",
    b"GET /x?s=a&b=45678901&c=d HTTP/1.1",
    b"GET /x?a=b&s=AbCd-_012345 HTTP/1.1",
    b"GET /x?a=b?s=AbCd-_012345 HTTP/1.1",
    b"GET /x?show=AbCd-_012345 HTTP/1.1",
    b"GET /x?s=AbCd-_01234. HTTP/1.1",
    b"GET?s=AbCd-_012345 /x HTTP/1.1",
    b"GET /x HTTP/1.1?s=AbCd-_012345",
    b"GET /x?s=AbCd-_01234\0 HTTP/1.1",
    b"GET /x?s=AbCd-_01234\xe4 HTTP/1.1",
    b"GET /x?s=AbCd-_\r\n\r\n45 HTTP/1.1",
    b"",
]


@pytest.mark.parametrize(("line", "left"), LINES)
def test_a_name_is_taken_out(line: bytes, left: bytes) -> None:
    assert split_session(line % NAME) == (left, NAME)


@pytest.mark.parametrize("line", NAMELESS)
def test_whatever_else_stays(line: bytes) -> None:
    assert split_session(line) == (line, None)


@given(st.binary(min_size=12, max_size=12))
def test_a_name_makes_nothing_plain_that_was_not(name: bytes) -> None:
    line = b"GET /live/a/x?s=%b HTTP/1.1" % name
    left, _ = split_session(line)
    assert (read_request_line(left) is None) == (read_request_line(line) is None)


@pytest.mark.parametrize("name", [b"AbCd-_\r\n\r\n45", b"AbCd-_01234\0"], ids=["ends", "control"])
def test_no_request_is_hidden_in_a_name(name: bytes) -> None:
    end = b" HTTP/1.1\r\nHost: a\r\n\r\n"
    held = HeldRequests()
    held.keep(b"GET /live/a/e/video/index.m3u8?s=" + NAME + end)
    assert isinstance(held.take(), PlainRequest)
    sent = b"GET /live/a/e/video/index.m3u8?s=" + name + end
    assert held.recognise(sent) is None
    held.keep(sent)
    assert held.take() is NOT_PLAIN


@given(st.text(alphabet="s=&?ab012345_-.", max_size=40))
def test_lines_and_queries_are_read_alike(query: str) -> None:
    line, name = split_session(f"GET /live/a/index.m3u8?{query} HTTP/1.1".encode())
    rest, queried = split_session_query(query)
    assert name == queried
    target = read_live_target(line)
    assert target is not None
    assert target.query == rest


def test_all_viewers_of_a_playlist_ask_for_one_thing() -> None:
    lines = [
        split_session(b"GET /live/a/e/video/index.m3u8?s=%012d&_HLS_msn=7 HTTP/1.1" % viewer)[0]
        for viewer in range(3)
    ]
    assert read_live_target(lines[0]) is read_live_target(lines[2])


def test_a_name_is_put_into_every_playlist() -> None:
    text = b'#EXT-X-MEDIA:URI="e/audio/index.m3u8"\ne/video/index.m3u8\n'
    assert with_session(text, NAME, is_manifest=False) == (
        b'#EXT-X-MEDIA:URI="e/audio/index.m3u8?s=AbCd-_012345"\ne/video/index.m3u8?s=AbCd-_012345\n'
    )


def test_a_name_is_put_into_the_place_of_the_next_manifest() -> None:
    text = b"<MPD><Location>manifest.mpd?show=e</Location></MPD>"
    assert with_session(text, NAME, is_manifest=True) == (
        b"<MPD><Location>manifest.mpd?s=AbCd-_012345&amp;show=e</Location></MPD>"
    )
