"""A disk that refuses to take anything, for a while: shows go on, and are kept again after it."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from packager.journal.patience import Patience
from packager.live import PublicationState
from tests.packager.journal.test_recovery import after_a_kill, close, media, settle
from tests.packager.pipeline.newsroom import Newsroom

WINDOW_S = 60  # longer than any media stays


@contextmanager
def full_disk() -> Iterator[None]:
    """Let no file of this process grow: each write fails, as on a disk without room."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Newsroom]:
    room = Newsroom(folder=tmp_path / "live")
    yield room
    close(room)


def counts(room: Newsroom) -> tuple[int, int]:
    assert room.folder is not None
    return room.folder.failure_count, room.folder.refused_count


def assert_kept(room: Newsroom, live: Path, *, whole: bool) -> None:
    """A process that is killed now goes on with all numbers, and with all media if `whole`."""
    settle(room)
    later = after_a_kill(live, room.now)
    try:
        assert later.states() == {"clock": PublicationState.INTERRUPTED}
        before, after = room.publication(), later.publication()
        assert (after.epoch, after.revision) == (before.epoch, before.revision)
        for name, rendition in before.renditions.items():
            timeline = after.renditions[name].timeline
            for segment in rendition.timeline.listed[1:]:  # the open one has been ended since
                assert timeline.find(segment.msn) is not None
            known, originals = media(after, name), media(before, name)
            is_whole = all(
                known.get(number) == body
                for number, body in originals.items()
                if number >= timeline.oldest_part_number
            )
            assert is_whole is whole, name
    finally:
        close(later)


def test_a_disk_that_was_full_keeps_the_show_again_from_the_next_segment_on(
    kept: Newsroom, tmp_path: Path
) -> None:
    live = tmp_path / "live"
    sink = kept.open()
    kept.play(sink, seconds=8)
    with capture_logs() as logs:
        with full_disk():
            kept.play(sink, seconds=8)
            assert kept.states() == {"clock": PublicationState.LIVE}
            assert counts(kept) == (2, 1)
            assert list(live.glob("*/index*")) == []  # one that says too little is worse than none
        killed_meanwhile = after_a_kill(live, kept.now)
        assert killed_meanwhile.states() == {}
        close(killed_meanwhile)
        kept.play(sink, seconds=4.5)
        assert counts(kept) == (2, 0)
    assert [line["event"] for line in logs if "journal" in line["event"]] == [
        "journal cannot write media",
        "journal cannot go on",
        "journal goes on",
        "journal writes media again",
    ]
    assert_kept(kept, live, whole=False)
    kept.play(sink, seconds=WINDOW_S)
    assert_kept(kept, live, whole=True)


def test_a_show_that_begins_on_a_full_disk_is_kept_once_there_is_room(
    kept: Newsroom, tmp_path: Path
) -> None:
    with capture_logs():
        with full_disk():
            sink = kept.open()
            kept.play(sink, seconds=8)
        kept.play(sink, seconds=WINDOW_S)
    assert_kept(kept, tmp_path / "live", whole=True)


def test_a_disk_that_stays_full_costs_no_more_memory_with_time(
    kept: Newsroom, tmp_path: Path
) -> None:
    sink = kept.open()
    kept.play(sink, seconds=8)
    journal = kept.gateway._channels["clock"]._journal
    assert journal is not None
    sizes = []
    with capture_logs() as logs, full_disk():
        for _ in range(6):
            kept.play(sink, seconds=WINDOW_S)
            assert journal._refused is not None
            sizes.append(len(journal._refused))
    assert max(sizes) < 120_000
    assert [line["event"] for line in logs if "journal" in line["event"]] == [
        "journal cannot write media",
        "journal cannot go on",
    ]
    kept.lose(sink)
    kept.wait(3)
    sink = kept.open()
    kept.play(sink, seconds=WINDOW_S)
    assert_kept(kept, tmp_path / "live", whole=True)


def test_what_was_said_while_the_disk_was_full_counts_after_it(
    kept: Newsroom, tmp_path: Path
) -> None:
    """The publisher leaves as there is room again: its segment's end is what is waited for."""
    sink = kept.open()
    kept.play(sink, seconds=8)
    with capture_logs(), full_disk():
        kept.play(sink, seconds=8)
    for _ in range(6):  # the disk was asked in vain a few times
        kept.lose(sink)
        kept.wait(1)
        sink = kept.open()
        kept.play(sink, seconds=3)
    kept.lose(sink)
    kept.wait(50)
    later = after_a_kill(tmp_path / "live", kept.now + 15)
    assert later.states() == {"clock": PublicationState.ENDED}
    close(later)


def test_a_disk_that_refuses_again_and_again_is_asked_less_and_less() -> None:
    patience = Patience()
    waits = []
    for _ in range(8):
        patience.note_refusal()
        segments = 1
        while not patience.is_over():
            segments += 1
        waits.append(segments)
    assert waits == [1, 2, 4, 8, 16, 32, 32, 32]
    for _ in range(32):
        patience.note_success()
    patience.note_refusal()
    assert patience.is_over()
