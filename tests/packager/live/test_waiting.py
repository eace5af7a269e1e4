"""Requests that wait: all are woken by what they wait for, and by nothing else."""

from packager.hls import Position
from packager.live import PENDING
from packager.live.waiting import WaitingRoom
from tests.packager.hls.cutter import VIDEO
from tests.packager.live.show import Show
from tests.packager.live.viewer import Viewer


def test_ten_thousand_waiters_share_one_render() -> None:
    show = Show((VIDEO,))
    show.segment()
    video = show.publication.renditions["video"]
    viewers = [Viewer() for _ in range(10_000)]
    for viewer in viewers:
        video.playlist_room.enter(Position(2, 0), viewer)
    assert show.publication.waiter_count == 10_000
    show.open()
    show.part()
    assert all(viewer.wake_count == 1 for viewer in viewers)
    assert len({id(video.playlist().gzip) for _ in viewers}) == 1
    assert video.render_count == 1
    assert show.publication.waiter_count == 0


def test_a_viewer_who_leaves_takes_nobody_along() -> None:
    show = Show((VIDEO,))
    show.segment()
    video = show.publication.renditions["video"]
    first, leaving, last = viewers = [Viewer() for _ in range(3)]
    for viewer in viewers:
        video.playlist_room.enter(Position(2, 0), viewer)
    video.playlist_room.leave(Position(2, 0), leaving)
    assert show.publication.waiter_count == 2
    show.open()
    show.part()
    assert [viewer.wake_count for viewer in (first, leaving, last)] == [1, 0, 1]


def test_only_those_whose_wish_came_true_wake() -> None:
    show = Show((VIDEO,))
    show.segment()
    room = show.publication.renditions["video"].playlist_room
    for_part, for_next_part, for_segment = Viewer(), Viewer(), Viewer()
    room.enter(Position(2, 0), for_part)
    room.enter(Position(2, 1), for_next_part)
    room.enter(Position(2, None), for_segment)

    def woken() -> list[int]:
        return [viewer.wake_count for viewer in (for_part, for_next_part, for_segment)]

    show.open()
    show.part()
    assert woken() == [1, 0, 0]
    show.part()
    assert woken() == [1, 1, 0]
    show.close()
    assert woken() == [1, 1, 1]


def test_a_part_that_its_segment_never_gets_is_the_first_of_the_next() -> None:
    show = Show((VIDEO,))
    show.open()
    show.part()
    viewer = Viewer()
    show.publication.renditions["video"].playlist_room.enter(Position(1, 1), viewer)
    show.close()
    show.open()
    assert not viewer.wake_count
    show.part()
    assert viewer.wake_count


def test_a_hinted_part_comes_even_if_its_segment_ends_before() -> None:
    show = Show((VIDEO,))
    show.open()
    show.part()
    video, viewer = show.publication.renditions["video"], Viewer()
    video.part_room.enter(2, viewer)
    show.close()
    show.open()
    assert not viewer.wake_count
    assert video.part(2) is PENDING
    show.part()
    assert viewer.wake_count
    assert video.part(2) == b"<video part 2>"


def test_a_hinted_part_that_becomes_a_gap_is_none() -> None:
    show = Show((VIDEO,))
    show.open()
    video, viewer = show.publication.renditions["video"], Viewer()
    video.part_room.enter(1, viewer)
    show.cutters["video"].part(is_gap=True)
    assert viewer.wake_count
    assert video.part(1) is None


def test_who_waits_for_a_segment_to_grow_is_woken_by_each_part_and_by_its_end() -> None:
    show = Show((VIDEO,))
    show.open()
    room = show.publication.renditions["video"].growth_room
    for part_count in range(2):
        viewer = Viewer()
        room.enter(Position(1, part_count), viewer)
        show.part()
        assert viewer.wake_count == 1
    viewer = Viewer()
    room.enter(Position(1, 2), viewer)
    show.close()
    assert viewer.wake_count == 1


def test_an_interruption_wakes_nobody_and_the_end_everybody() -> None:
    show = Show((VIDEO,))
    show.segment()
    video = show.publication.renditions["video"]
    for_playlist, for_part = Viewer(), Viewer()
    video.playlist_room.enter(Position(4, None), for_playlist)
    video.part_room.enter(3, for_part)
    show.publication.interrupt()
    assert not for_playlist.wake_count
    assert not for_part.wake_count
    show.publication.end()
    assert for_playlist.wake_count
    assert for_part.wake_count
    assert video.part(3) is None
    assert b"#EXT-X-ENDLIST" in video.playlist().identity


def test_a_waiting_room_forgets_wishes_that_nobody_has() -> None:
    room: WaitingRoom[int] = WaitingRoom()
    first, second, third = Viewer(), Viewer(), Viewer()
    room.enter(1, first)
    room.enter(1, second)
    assert len(room) == 2
    room.release(lambda wish: wish == 1)
    # A new waiter for the same wish is not mixed up with those that were woken.
    room.enter(1, third)
    room.leave(1, first)
    assert len(room) == 1
    room.leave(1, third)
    room.leave(1, third)
    assert len(room) == 0
    assert not room._waiters
    assert (first.wake_count, second.wake_count, third.wake_count) == (1, 1, 0)
