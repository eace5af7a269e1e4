"""A show that another process goes on with: nothing that viewers know is ever taken back."""

import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from ingest.media import Track
from packager.cadence import LatencyProfile
from packager.hls import render_media_playlist
from packager.journal import FolderTakenError
from packager.journal.frame import pack_frame, read_frames
from packager.live import Publication, PublicationState
from packager.segmenter import SegmenterSettings
from packager.settings import PackagerSettings
from tests.packager.pipeline.newsroom import Newsroom
from tests.packager.segmenter.publisher import (
    Audio,
    Video,
    audio_track,
    interleaved,
    video_track,
)

WRITE_LIMIT_S = 60.0


def settle(room: Newsroom) -> None:
    """Wait until the writer has written all media."""
    assert room.folder is not None
    deadline = time.monotonic() + WRITE_LIMIT_S
    while room.folder.queued_bytes:
        assert time.monotonic() < deadline
        time.sleep(0.002)


def show_folder(path: Path) -> Path:
    (only,) = (entry for entry in path.iterdir() if entry.is_dir())
    return only


def close(room: Newsroom) -> None:
    assert room.folder is not None
    for live in room.gateway._channels.values():
        live.put_away()
    room.folder.close(WRITE_LIMIT_S)


def after_a_kill(before: Path, now: float) -> Newsroom:
    """Begin a new process with the files as they lie there now; the old one goes on elsewhere."""
    after = before.with_name(f"{before.name}-later")
    shutil.rmtree(after, ignore_errors=True)
    shutil.copytree(before, after)
    return Newsroom(folder=after, now=now)


def lines(publication: Publication, rendition: str) -> list[str]:
    """The lines of a playlist that may never change once they were there."""
    text = render_media_playlist(publication.renditions[rendition].timeline)
    return [
        line
        for line in text.splitlines()
        if not line.startswith(("#EXT-X-PRELOAD", "#EXT-X-RENDITION", "#EXT-X-MEDIA-SEQUENCE"))
    ]


def media(publication: Publication, rendition: str) -> dict[int, bytes]:
    """All parts that can be fetched, by number."""
    known = publication.renditions[rendition]
    timeline = known.timeline
    found = {}
    for number in range(timeline.oldest_part_number, timeline.next_part_number):
        part = known.part(number)
        if isinstance(part, bytes):
            found[number] = part
    return found


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Newsroom]:
    room = Newsroom(folder=tmp_path / "live")
    yield room
    close(room)


def test_a_recovered_show_goes_on_as_if_nothing_had_been(kept: Newsroom, tmp_path: Path) -> None:
    """For longer than the window lasts, so that the index was written anew several times."""
    sink = kept.open()
    kept.play(sink, seconds=240)
    kept.lose(sink)
    settle(kept)
    index = show_folder(tmp_path / "live") / "index"
    assert index.stat().st_size < 120_000
    later = after_a_kill(tmp_path / "live", kept.now)
    try:
        for room in (kept, later):
            room.wait(1)
            back = room.open()
            room.play(back, seconds=30, tracks=[video_track(), audio_track(44_100)])
        before, after = kept.publication(), later.publication()
        assert (before.epoch, before.revision, before.part_count) == (
            after.epoch,
            after.revision,
            after.part_count,
        )
        assert list(before.renditions) == list(after.renditions)
        for name, rendition in before.renditions.items():
            other = after.renditions[name]
            assert other.timeline == rendition.timeline
            assert media(after, name) == media(before, name)
            assert other.playlist().identity == rendition.playlist().identity
        assert without_rates(before) == without_rates(after)
        assert kept.told()[-1] == later.told()[-1] == "BroadcastResumed"
    finally:
        close(later)


def without_rates(publication: Publication) -> tuple[str, str]:
    """The lists of what there is, without bit rates, which are measured over longer than it."""
    multivariant, manifest = publication.multivariant(), publication.manifest()
    assert multivariant is not None
    assert manifest is not None
    return (
        re.sub(r"BANDWIDTH=\d+", "", multivariant.identity.decode()),
        re.sub(r'(bandwidth|publishTime)="[^"]*"', "", manifest.identity.decode()),
    )


@pytest.fixture(scope="module")
def long_show(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Newsroom, Path]]:
    """Two publishers of three tracks, the second with another sound and a late second picture."""
    path = tmp_path_factory.mktemp("kill") / "live"
    room = Newsroom(folder=path)
    first = room.open()
    room.play(first, seconds=9, tracks=[video_track(), audio_track()])
    room.lose(first)
    room.wait(2)
    second = room.open()
    tracks: list[Video | Audio] = [
        Video(track=video_track()),
        Audio(track=audio_track(44_100), unit=1024),
        Video(track=video_track(name="video-1"), start_s=3.0),
    ]
    room.send(interleaved(*tracks, until_s=12, at_s=room.now), second)
    settle(room)
    yield room, path
    close(room)


@given(cut=st.floats(0.15, 1))
@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_a_show_killed_at_any_moment_goes_on(
    long_show: tuple[Newsroom, Path],
    tmp_path_factory: pytest.TempPathFactory,
    cut: float,
) -> None:
    """The index ends anywhere, mostly with half a record; all renditions go on together."""
    room, path = long_show
    folder = tmp_path_factory.mktemp("cut") / "live"
    shutil.copytree(path, folder)
    index = show_folder(folder) / "index"
    size = index.stat().st_size
    whole = index.read_bytes()
    index.write_bytes(whole[: round(cut * size)])
    later = Newsroom(folder=folder, now=room.now + 1)
    try:
        if not later.states():
            assert cut < 0.5  # nobody could watch it yet
            return
        publication = later.publication()
        assert publication.state is PublicationState.INTERRUPTED
        assert_goes_on(publication, room.publication())
        last_msn = {
            rendition.timeline.last_msn
            for rendition in publication.renditions.values()
            if rendition.timeline.last_msn is not None
        }
        assert len(last_msn) == 1
        known = {name: media(publication, name) for name in publication.renditions}
        back = later.open()
        later.play(back, seconds=8)
        for name, rendition in publication.renditions.items():
            timeline = rendition.timeline
            started = timeline.find(last_msn.copy().pop() + 1)
            assert started is not None
            assert started.is_discontinuous, name
            assert started.first_part_number > max(known[name], default=0)
    finally:
        close(later)
        shutil.rmtree(folder.parent)


def assert_goes_on(after: Publication, before: Publication) -> None:
    """What was recovered is the beginning of what the other process went on to say."""
    for name, rendition in after.renditions.items():
        timeline, original = rendition.timeline, before.renditions[name].timeline
        assert timeline.cadence == original.cadence
        for segment in timeline.listed[:-2]:  # the last may be shorter, or filled
            assert segment == original.find(segment.msn), (name, segment.msn)
        ours, theirs = media(after, name), media(before, name)
        real = {
            part.number
            for segment in timeline.listed[:-2]
            for part in segment.parts
            if not part.is_gap
        }
        assert all(ours[number] == theirs[number] for number in real)


def test_parts_whose_bytes_never_came_to_the_disk_are_gaps(kept: Newsroom, tmp_path: Path) -> None:
    sink = kept.open()
    kept.play(sink, seconds=12)
    settle(kept)
    folder = show_folder(tmp_path / "live")
    volume = next(file for file in folder.iterdir() if file.name.startswith("media-"))
    taken = volume.read_bytes()
    volume.write_bytes(taken[: len(taken) // 2])
    with capture_logs() as logs:
        later = after_a_kill(tmp_path / "live", kept.now)
    try:
        before, after = kept.publication(), later.publication()
        gap_count = sum(
            part.is_gap
            for rendition in after.renditions.values()
            for segment in rendition.timeline.listed
            for part in segment.parts
        )
        assert [(line["event"], line["part_count"]) for line in logs] == [
            ("journal lost media", gap_count)
        ]
        for name in before.renditions:
            gaps = [line for line in lines(after, name) if line.endswith(",GAP=YES")]
            assert gaps
            originals = media(before, name)
            for number, body in media(after, name).items():
                # Sound that had not come as far as the pictures is filled up to them.
                assert number > max(originals) or originals[number] == body
    finally:
        close(later)


def test_what_left_the_window_before_a_kill_is_not_said_to_be_lost(
    kept: Newsroom, tmp_path: Path
) -> None:
    """The index still has it, for it was not written anew since; its volumes are others now."""
    large = Video(label="of 600 kB a second" * 1100)
    kept.send(interleaved(large, until_s=60, at_s=kept.now), kept.open())
    settle(kept)
    assert not (show_folder(tmp_path / "live") / "media-1").exists()
    with capture_logs() as logs:
        later = after_a_kill(tmp_path / "live", kept.now)
    close(later)
    assert logs == []
    before, after = (average_bps(room.publication()) for room in (kept, later))
    assert 0.9 < after / before < 1.1


def average_bps(publication: Publication) -> int:
    multivariant = publication.multivariant()
    assert multivariant is not None
    found = re.search(rb"AVERAGE-BANDWIDTH=(\d+)", multivariant.identity)
    assert found is not None
    return int(found[1])


def test_a_show_that_is_killed_again_loses_nothing_either(kept: Newsroom, tmp_path: Path) -> None:
    """Old volumes that only the index still knew were taken for files to be used again."""
    large = Video(label="of 600 kB a second" * 1100)
    kept.send(interleaved(large, until_s=60, at_s=kept.now), kept.open())
    settle(kept)
    with capture_logs() as logs:
        later = after_a_kill(tmp_path / "live", kept.now)
        later.send(interleaved(large, until_s=60, at_s=later.now), later.open())
        settle(later)
        last = after_a_kill(tmp_path / "live-later", later.now)
    originals = media(later.publication(), "video")
    assert media(last.publication(), "video").items() <= originals.items()
    close(last)
    close(later)
    assert logs == []


def test_the_grace_time_counts_from_when_the_publisher_was_lost(
    kept: Newsroom, tmp_path: Path
) -> None:
    sink = kept.open()
    kept.play(sink, seconds=8)
    settle(kept)
    later = after_a_kill(tmp_path / "live", kept.now + 40)
    assert later.states() == {"clock": PublicationState.INTERRUPTED}
    close(later)
    again = Newsroom(folder=tmp_path / "live-later", now=kept.now + 55)  # killed once more
    assert again.states() == {"clock": PublicationState.INTERRUPTED}
    again.wait(6)
    assert again.states() == {"clock": PublicationState.ENDED}
    close(again)


def test_a_show_whose_grace_passed_while_nobody_ran_has_ended_and_is_deleted_later(
    kept: Newsroom, tmp_path: Path
) -> None:
    sink = kept.open()
    kept.play(sink, seconds=8)
    settle(kept)
    ended = after_a_kill(tmp_path / "live", kept.now + 70)
    assert ended.states() == {"clock": PublicationState.ENDED}
    assert "#EXT-X-ENDLIST" in ended.publication().renditions["video"].playlist().identity.decode()
    ended.wait(61)
    assert ended.states() == {}
    close(ended)
    assert [entry.name for entry in (tmp_path / "live-later").iterdir()] == ["lock"]
    gone = after_a_kill(tmp_path / "live", kept.now + 200)
    assert gone.states() == {}
    close(gone)
    assert [entry.name for entry in (tmp_path / "live-later").iterdir()] == ["lock"]


def test_an_ended_show_stays_ended_and_its_channel_can_begin_anew(
    kept: Newsroom, tmp_path: Path
) -> None:
    sink = kept.open()
    kept.play(sink, seconds=8)
    kept.lose(sink)
    kept.wait(61)
    settle(kept)
    later = after_a_kill(tmp_path / "live", kept.now + 1)
    assert later.states() == {"clock": PublicationState.ENDED}
    assert later.told() == []
    epoch = later.publication().epoch
    later.play(later.open(), seconds=8)
    assert later.publication().epoch != epoch
    close(later)
    assert show_folder(tmp_path / "live-later").name == f"clock.{later.publication().epoch}"


@pytest.mark.parametrize(
    "chosen",
    [
        PackagerSettings(profile=LatencyProfile.STEADY),
        PackagerSettings(segmenter=SegmenterSettings(segment_target_ms=6000)),
    ],
    ids=["profile", "segment_target_ms"],
)
def test_other_settings_change_nothing_of_a_show_that_goes_on(
    kept: Newsroom, tmp_path: Path, chosen: PackagerSettings
) -> None:
    sink = kept.open()
    kept.play(sink, seconds=8)
    settle(kept)
    close_by = tmp_path / "other"
    shutil.copytree(tmp_path / "live", close_by)
    later = Newsroom(chosen, folder=close_by, now=kept.now + 1)
    later.play(later.open(), seconds=10, tracks=[video_track(60), audio_track()])
    before, after = kept.publication(), later.publication()
    assert after.cadence == before.cadence
    for name in ("video", "audio"):
        assert lines(after, name)[:8] == lines(before, name)[:8]
        timeline = after.renditions[name].timeline
        assert before.cadence is not None
        for segment in timeline.listed:
            assert all(
                part.duration_us <= before.cadence.part_target_ms * 1000 for part in segment.parts
            )
    close(later)


def test_strange_files_are_left_alone_and_broken_shows_are_dropped(
    kept: Newsroom, tmp_path: Path
) -> None:
    sink = kept.open()
    kept.play(sink, seconds=8)
    settle(kept)
    live = tmp_path / "live"
    (live / "notes.txt").write_text("mine")
    (live / "holiday").mkdir()
    for name, index in (("a", b""), ("b", b"junk" * 100), ("c", shuffled(live))):
        broken = live / f"{name}.18f00000000-abcdef"
        broken.mkdir()
        (broken / "index").write_bytes(index)
    (live / "d.18f00000000-abcdef").mkdir()
    later = after_a_kill(live, kept.now)
    assert later.states() == {"clock": PublicationState.INTERRUPTED}
    close(later)
    names = {entry.name for entry in (tmp_path / "live-later").iterdir()}
    assert names == {"lock", "notes.txt", "holiday", show_folder_name(kept)}


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_show_whose_index_was_damaged_begins_anew(
    kept: Newsroom, tmp_path: Path, share: float
) -> None:
    """Without what was written behind the damage, its numbers would come again with other media."""
    sink = kept.open()
    kept.play(sink, seconds=12)
    settle(kept)
    index = show_folder(tmp_path / "live") / "index"
    damaged = bytearray(index.read_bytes())
    damaged[round(share * len(damaged))] ^= 4
    index.write_bytes(damaged)
    later = after_a_kill(tmp_path / "live", kept.now)
    try:
        assert later.states() == {}
        later.play(later.open(), seconds=4)
        assert later.publication().epoch != kept.publication().epoch
    finally:
        close(later)


def test_shows_begin_anew_after_the_machine_was_restarted(kept: Newsroom, tmp_path: Path) -> None:
    """The end of what viewers know may never have come to the disk, and nothing tells."""
    sink = kept.open()
    kept.play(sink, seconds=12)
    settle(kept)
    (tmp_path / "live" / "lock").write_bytes(b"another-boot")
    later = after_a_kill(tmp_path / "live", kept.now)
    assert later.states() == {}
    later.play(later.open(), seconds=12)
    settle(later)
    last = after_a_kill(tmp_path / "live-later", later.now)
    try:
        assert last.states() == {"clock": PublicationState.INTERRUPTED}
        assert last.publication().epoch == later.publication().epoch
    finally:
        close(last)
        close(later)


def shuffled(live: Path) -> bytes:
    """An index whose frames check, one by one, but follow from nothing."""
    frames = list(read_frames((show_folder_with_media(live) / "index").read_bytes()))
    return b"".join(pack_frame(*frame) for frame in (frames[0], *reversed(frames[1:])))


def show_folder_with_media(live: Path) -> Path:
    return next(entry for entry in live.iterdir() if (entry / "media-1").exists())


def show_folder_name(room: Newsroom) -> str:
    return f"clock.{room.publication().epoch}"


@pytest.mark.usefixtures("kept")
def test_a_folder_belongs_to_one_server(tmp_path: Path) -> None:
    with pytest.raises(FolderTakenError, match="another server uses"):
        Newsroom(folder=tmp_path / "live")


def test_what_a_show_keeps_on_disk_is_bounded(kept: Newsroom, tmp_path: Path) -> None:
    tracks: list[Track] = [video_track(), audio_track()]
    sink = kept.open()
    sizes = []
    for _ in range(6):
        kept.play(sink, seconds=60, tracks=tracks)
        settle(kept)
        folder = show_folder(tmp_path / "live")
        sizes.append(sum(file.stat().st_size for file in folder.iterdir()))
    assert max(sizes) < 9 * 2**20
    assert len(list(show_folder(tmp_path / "live").iterdir())) <= 4
