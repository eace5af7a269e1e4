"""A wall clock that is set, with a show on air or while no process runs: viewers never notice."""

import json
import shutil
from pathlib import Path

import pytest

from packager.hls import render_media_playlist
from packager.journal.frame import pack_frame, read_frames
from packager.live import PublicationState
from tests.packager.pipeline.newsroom import Newsroom

HOUR_MS = 3_600_000


def dated(newsroom: Newsroom) -> tuple[int, list[str], bytes]:
    """The time that players are told, and all dates that they have of the media."""
    publication = newsroom.publication()
    manifest = publication.manifest()
    assert manifest is not None
    return (
        publication.clock.unix_ms(),
        [render_media_playlist(each.timeline) for each in publication.renditions.values()],
        manifest.identity.replace(publication.epoch.encode(), b"show"),
    )


@pytest.mark.parametrize("step_ms", [HOUR_MS, -HOUR_MS])
def test_a_wall_clock_that_is_set_moves_neither_the_media_nor_the_time(step_ms: int) -> None:
    told = []
    for ahead_ms in (0, step_ms):
        newsroom = Newsroom()
        first = newsroom.open()
        newsroom.play(first, seconds=6)
        newsroom.wall_ahead_ms = ahead_ms
        newsroom.play(first, seconds=6)
        newsroom.lose(first)
        newsroom.wait(3)
        newsroom.play(newsroom.open(), seconds=6)
        told.append(dated(newsroom))
    assert told[0] == told[1]


def test_the_next_show_has_the_new_time() -> None:
    newsroom = Newsroom()
    newsroom.play(newsroom.open("one"), seconds=6)
    newsroom.wall_ahead_ms = HOUR_MS
    newsroom.play(newsroom.open("two"), seconds=6)
    one, two = (newsroom.publication(channel) for channel in ("one", "two"))
    assert two.clock.unix_ms() - one.clock.unix_ms() == HOUR_MS
    assert 5000 < two.started_unix_ms - one.started_unix_ms - HOUR_MS < 7000


def killed(folder: Path, newsroom: Newsroom, *, seconds: float = 8) -> None:
    """Publish, and leave the files as a process that was killed does."""
    newsroom.play(newsroom.open(), seconds=seconds)
    assert newsroom.folder is not None
    shutil.copytree(folder, folder.with_name("killed"))
    newsroom.folder.close(30)


def next_process(folder: Path, now: float, wall_ahead_ms: int) -> tuple[Newsroom, list[object]]:
    later = Newsroom(folder=folder.with_name("killed"), now=now, wall_ahead_ms=wall_ahead_ms)
    assert later.folder is not None
    if not later.states():
        later.folder.close(30)
        return later, []
    assert later.states() == {"clock": PublicationState.INTERRUPTED}
    later.play(later.open(), seconds=6)
    told = dated(later)
    later.folder.close(30)
    return later, list(told)


@pytest.mark.parametrize("step_ms", [24 * HOUR_MS, -HOUR_MS])
def test_a_wall_clock_that_is_set_while_nobody_runs_changes_nothing(
    tmp_path: Path, step_ms: int
) -> None:
    told = []
    for ahead_ms in (0, step_ms):
        folder = tmp_path / str(ahead_ms) / "live"
        newsroom = Newsroom(folder=folder)
        killed(folder, newsroom)
        told.append(next_process(folder, newsroom.now + 3, ahead_ms)[1])
    assert told[0]
    assert told[0] == told[1]


def test_a_show_of_a_server_that_followed_the_wall_clock_takes_that_one(tmp_path: Path) -> None:
    folder = tmp_path / "live"
    newsroom = Newsroom(folder=folder)
    killed(folder, newsroom)
    (index,) = (tmp_path / "killed").glob("*/index")
    begun, *frames = read_frames(index.read_bytes())
    values = json.loads(begun.payload)
    del values["clock_offset_ms"]
    begun = begun._replace(payload=json.dumps(values).encode())
    index.write_bytes(b"".join(pack_frame(*frame) for frame in (begun, *frames)))
    later, told = next_process(folder, newsroom.now + 3, 5_000)
    assert told[0] == later.unix_ms()


def test_a_steady_clock_that_begins_anew_is_not_believed(tmp_path: Path) -> None:
    """Where a system does not say that it was started again, the wall clock is what there is."""
    folder = tmp_path / "live"
    newsroom = Newsroom(folder=folder)
    killed(folder, newsroom)
    later, told = next_process(folder, 5.0, round(newsroom.now * 1000))
    assert told[0] == later.unix_ms()
