"""What stays behind when publishers come and go all day: nothing."""

import gc
from collections import Counter

from packager.settings import PackagerSettings
from tests.packager.pipeline.newsroom import Newsroom

SHOWS_AT_A_TIME = 50


def census() -> Counter[str]:
    """Count the live objects of our own classes, once all garbage is collected."""
    gc.collect()
    return Counter(
        f"{type(thing).__module__}.{type(thing).__qualname__}"
        for thing in gc.get_objects()
        # Some extension types answer with a descriptor.
        if str(type(thing).__module__).startswith(("packager.", "ingest."))
    )


def run_shows(room: Newsroom, first: int) -> None:
    """Let shows of channels that nobody had before begin, last their time and be forgotten."""
    sinks = [room.open(f"channel-{first + number}") for number in range(SHOWS_AT_A_TIME)]
    room.play(*sinks, seconds=3)
    assert len(room.publications) == SHOWS_AT_A_TIME
    for sink in sinks:
        room.lose(sink)
    room.wait(3)
    assert len(room.publications) == 0
    room.events.clear()


def test_shows_that_are_over_leave_no_object_behind() -> None:
    settings = PackagerSettings(grace_s=1, ended_s=1)
    room = Newsroom(settings, max_publications=SHOWS_AT_A_TIME)
    run_shows(room, 0)  # what is made once and kept: caches, tables
    before = census()
    for turn in range(1, 11):
        run_shows(room, turn * SHOWS_AT_A_TIME)
    assert census() - before == Counter()


def test_a_show_whose_publisher_comes_back_all_the_time_does_not_grow() -> None:
    room = Newsroom(PackagerSettings())

    def publish_often() -> None:
        for _ in range(24):  # 72 s: more than the window holds
            sink = room.open()
            room.play(sink, seconds=3)
            room.lose(sink)
            room.wait(0.5)
        room.events.clear()

    publish_often()
    before, held_bytes = census(), room.publication().window_bytes
    assert before["packager.live.publication.Publication"] == 1
    publish_often()
    assert census() - before == Counter()
    assert room.publication().window_bytes <= held_bytes * 1.1
