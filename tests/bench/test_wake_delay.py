import pytest

from bench.load.coded_show import QUALITIES, VIDEO, CodedShow, Tag
from bench.load.hls_viewers import Response
from bench.load.sent_log import Sent
from bench.wake_delay import wake_delays

MEDIA = tuple(Tag(VIDEO, index * 33, bytes([index]) * 40) for index in range(4))
SHOW = CodedShow(QUALITIES["720p30"], (), MEDIA)
VIDEO_OF = {0: 7}


def playlist(asked_s: float, last_byte_s: float, viewer: int = 0) -> Response:
    return Response(
        asked_s, last_byte_s, last_byte_s, 0, viewer, 5, 2, 900, 200, False, False, bytes(16)
    )


def part(first_byte_s: float, index: int) -> Response:
    tail = MEDIA[index].body[-16:]
    last_byte_s = first_byte_s + 0.002
    return Response(
        first_byte_s, first_byte_s, last_byte_s, 0, 0, 5, 2, 9000, 200, True, False, tail
    )


def test_a_part_is_as_old_as_its_last_sample() -> None:
    sent = [Sent(7, 2, 100.0), Sent(7, 3, 100.033), Sent(8, 3, 100.039)]
    responses = [playlist(99.9, 100.035), part(100.036, 3)]
    delays = wake_delays(SHOW, sent, responses, VIDEO_OF, 0)
    assert delays.available_s == pytest.approx([0.002])
    assert delays.playlist_s == pytest.approx([0.002])
    assert delays.part_s == pytest.approx([0.005])


def test_a_part_is_available_when_the_first_of_its_viewers_was_told() -> None:
    responses = [playlist(99.9, 100.004, 0), playlist(99.9, 100.009, 1), part(100.010, 3)]
    delays = wake_delays(SHOW, [Sent(7, 3, 100.0)], responses, VIDEO_OF, 0)
    assert delays.available_s == pytest.approx([0.004])
    assert delays.playlist_s == pytest.approx([0.004, 0.009])


def test_the_turn_of_the_loop_just_before_is_meant() -> None:
    sent = [Sent(7, 3, 92.0), Sent(7, 3, 100.0), Sent(7, 3, 108.0)]
    delays = wake_delays(SHOW, sent, [playlist(99.0, 100.5), part(101.0, 3)], VIDEO_OF, 0)
    assert delays.available_s == pytest.approx([0.5])


def test_a_playlist_that_did_not_wait_tells_nothing() -> None:
    responses = [playlist(100.001, 100.004), part(100.005, 3)]
    delays = wake_delays(SHOW, [Sent(7, 3, 100.0)], responses, VIDEO_OF, 0)
    assert not delays.available_s
    assert not delays.playlist_s


def test_messages_that_end_alike_tell_nothing() -> None:
    alike = CodedShow(SHOW.quality, (), (*MEDIA, Tag(VIDEO, 200, MEDIA[3].body)))
    responses = [playlist(99.9, 100.035), part(100.036, 3)]
    assert not wake_delays(alike, [Sent(7, 3, 100.0)], responses, VIDEO_OF, 0).part_s
