"""The publications of a server by channel."""

import gc
from collections.abc import Callable, Iterator

import pytest

from packager.hls import Position
from packager.live import (
    PENDING,
    Publication,
    PublicationExistsError,
    Publications,
    PublicationsFullError,
    WindowSettings,
)
from packager.segmenter.change import Change
from tests.packager.live.show import Show, body_of
from tests.packager.live.viewer import Viewer


def publication(channel: str, epoch: str = "e1") -> Publication:
    return Publication(channel, epoch, 0, WindowSettings())


def test_a_publication_is_found_by_its_channel() -> None:
    publications = Publications(max_count=2)
    clock = publication("clock")
    publications.open(clock)
    assert publications.get("clock") is clock
    assert publications.get("other") is None
    assert list(publications) == [clock]
    publications.remove("clock")
    publications.remove("clock")
    assert publications.get("clock") is None


def test_one_publication_a_channel_until_it_has_ended() -> None:
    publications = Publications(max_count=1)
    first = publication("clock")
    publications.open(first)
    with pytest.raises(PublicationExistsError, match="clock is starting"):
        publications.open(publication("clock", "e2"))
    first.end()
    second = publication("clock", "e2")
    publications.open(second)
    assert publications.get("clock") is second
    assert len(publications) == 1


class Body(bytes):
    """Bytes that say when they are freed; what is variable in size takes no weak reference."""

    on_freed: Callable[[], None]

    def __del__(self) -> None:
        self.on_freed()


class CountingShow(Show):
    """A show that counts the bodies that somebody holds."""

    def __init__(self) -> None:
        self.held_count = 0
        super().__init__()

    def emit(self, change: Change) -> None:
        body = Body(body_of(change))
        body.on_freed = self._count_freed
        self.held_count += 1
        self.publication.apply(change, body)

    def _count_freed(self) -> None:
        self.held_count -= 1


@pytest.fixture
def _no_collector() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


def remove(publications: Publications) -> None:
    publications.remove("clock")


def replace(publications: Publications) -> None:
    found = publications.get("clock")
    assert found is not None
    found.end()
    publications.open(publication("clock", "e2"))


@pytest.mark.usefixtures("_no_collector")
@pytest.mark.parametrize("go", [remove, replace])
def test_media_of_a_publication_that_is_gone_is_freed_at_once(
    go: Callable[[Publications], None],
) -> None:
    publications = Publications(max_count=1)
    show = CountingShow()
    publications.open(show.publication)
    for _ in range(5):
        show.segment()
    for rendition in show.publication.renditions.values():
        rendition.playlist()
    del rendition
    assert show.held_count > 20
    show.cutters.clear()
    go(publications)
    assert show.held_count == 0


def test_whoever_waits_for_a_publication_that_is_removed_is_woken() -> None:
    publications = Publications(max_count=1)
    show = Show()
    publications.open(show.publication)
    show.segment()
    video = show.publication.renditions["video"]
    number = video.timeline.next_part_number
    viewers = Viewer(), Viewer()
    video.playlist_room.enter(Position(9, 0), viewers[0])
    video.part_room.enter(number, viewers[1])
    assert video.waiter_count == 2
    publications.remove("clock")
    assert [viewer.wake_count for viewer in viewers] == [1, 1]
    assert video.part(number) is not PENDING
    assert b"#EXT-X-ENDLIST" in video.playlist().identity


def test_the_number_of_publications_is_bounded() -> None:
    publications = Publications(max_count=2)
    publications.open(publication("a"))
    publications.open(publication("b"))
    with pytest.raises(PublicationsFullError, match="fewer than 2"):
        publications.open(publication("c"))


def test_live_are_those_that_go_on() -> None:
    publications = Publications(max_count=9)
    shows = {name: publication(name) for name in ("starting", "lost", "stopped", "ended")}
    for show in shows.values():
        publications.open(show)
    shows["lost"].interrupt()
    shows["stopped"].interrupt(stopped=True)
    shows["ended"].end()
    assert publications.live() == [shows["starting"], shows["lost"]]


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"listed_segments": 3}, "listed_segments"),
        ({"listed_target_durations": 1}, "listed_target_durations"),
        ({"max_publications": 0}, "max_publications"),
    ],
)
def test_settings_that_cannot_work_are_refused(settings: dict[str, int], text: str) -> None:
    with pytest.raises(ValueError, match=text):
        WindowSettings(**settings)
