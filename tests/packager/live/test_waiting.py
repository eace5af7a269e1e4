"""Requests that wait: all are woken by what they wait for, and by nothing else."""

import asyncio

from packager.hls import Position
from packager.live import PENDING
from packager.live.waiting import WaitingRoom
from tests.packager.hls.cutter import VIDEO
from tests.packager.live.show import Show

LONG_S = 60.0


async def settle() -> None:
    """Let every task run as far as it can."""
    for _ in range(3):
        await asyncio.sleep(0)


async def test_ten_thousand_waiters_share_one_render() -> None:
    show = Show((VIDEO,))
    show.segment()
    video = show.publication.renditions["video"]

    async def ask() -> bytes:
        assert await video.wait_past(Position(2, 0), LONG_S)
        return video.playlist().gzip

    asking = [asyncio.create_task(ask()) for _ in range(10_000)]
    await settle()
    assert show.publication.waiter_count == 10_000
    show.open()
    show.part()
    answers = await asyncio.gather(*asking)

    assert len(set(map(id, answers))) == 1
    assert video.render_count == 1
    assert show.publication.waiter_count == 0


async def test_a_viewer_who_leaves_takes_nobody_along() -> None:
    show = Show((VIDEO,))
    show.segment()
    video = show.publication.renditions["video"]
    waiting = [asyncio.create_task(video.wait_past(Position(2, 0), LONG_S)) for _ in range(3)]
    await settle()
    waiting[1].cancel()
    await settle()
    assert waiting[1].cancelled()
    assert show.publication.waiter_count == 2
    show.open()
    show.part()
    assert all(await asyncio.gather(waiting[0], waiting[2]))


async def test_only_those_whose_wish_came_true_wake() -> None:
    show = Show((VIDEO,))
    show.segment()
    video = show.publication.renditions["video"]
    for_part = asyncio.create_task(video.wait_past(Position(2, 0), LONG_S))
    for_next_part = asyncio.create_task(video.wait_past(Position(2, 1), LONG_S))
    for_segment = asyncio.create_task(video.wait_past(Position(2, None), LONG_S))
    await settle()
    show.open()
    show.part()
    await settle()
    assert (for_part.done(), for_next_part.done(), for_segment.done()) == (True, False, False)
    show.part()
    await settle()
    assert (for_next_part.done(), for_segment.done()) == (True, False)
    show.close()
    assert await for_segment


async def test_a_part_that_its_segment_never_gets_is_the_first_of_the_next() -> None:
    show = Show((VIDEO,))
    show.open()
    show.part()
    video = show.publication.renditions["video"]
    waiting = asyncio.create_task(video.wait_past(Position(1, 1), LONG_S))
    await settle()
    show.close()
    show.open()
    await settle()
    assert not waiting.done()
    show.part()
    assert await waiting


async def test_time_that_runs_out_is_told() -> None:
    show = Show((VIDEO,))
    video = show.publication.renditions["video"]
    assert not await video.wait_past(Position(1, 0), 0.0)
    assert await video.wait_part(1, 0.0) is PENDING
    assert show.publication.waiter_count == 0


async def test_what_is_there_needs_no_waiting() -> None:
    show = Show((VIDEO,))
    show.segment()
    video = show.publication.renditions["video"]
    assert await video.wait_past(Position(1, 1), 0.0)
    assert await video.wait_part(1, 0.0) == b"<video part 1>"
    assert await video.wait_part(99, 0.0) is None


async def test_a_hinted_part_comes_even_if_its_segment_ends_before() -> None:
    show = Show((VIDEO,))
    show.open()
    show.part()
    video = show.publication.renditions["video"]
    waiting = asyncio.create_task(video.wait_part(2, LONG_S))
    await settle()
    show.close()
    show.open()
    await settle()
    assert not waiting.done()
    show.part()
    assert await waiting == b"<video part 2>"


async def test_a_hinted_part_that_becomes_a_gap_is_none() -> None:
    show = Show((VIDEO,))
    show.open()
    video = show.publication.renditions["video"]
    waiting = asyncio.create_task(video.wait_part(1, LONG_S))
    await settle()
    show.cutters["video"].part(is_gap=True)
    assert await waiting is None


async def test_an_interruption_wakes_nobody_and_the_end_everybody() -> None:
    show = Show((VIDEO,))
    show.segment()
    video = show.publication.renditions["video"]
    for_playlist = asyncio.create_task(video.wait_past(Position(4, None), LONG_S))
    for_part = asyncio.create_task(video.wait_part(3, LONG_S))
    await settle()
    show.publication.interrupt()
    await settle()
    assert not for_playlist.done()
    assert not for_part.done()
    show.publication.end()
    assert await for_playlist
    assert await for_part is None
    assert b"#EXT-X-ENDLIST" in video.playlist().identity


async def test_a_waiting_room_forgets_wishes_that_nobody_has() -> None:
    room: WaitingRoom[int] = WaitingRoom()
    first = asyncio.create_task(room.wait(1, LONG_S))
    second = asyncio.create_task(room.wait(1, LONG_S))
    await settle()
    assert len(room) == 2
    room.release(lambda wish: wish == 1)
    # A new waiter for the same wish is not mixed up with those that are on their way out.
    third = asyncio.create_task(room.wait(1, LONG_S))
    await asyncio.gather(first, second)
    await settle()
    assert len(room) == 1
    third.cancel()
    await settle()
    assert len(room) == 0
    assert not room._waiters
