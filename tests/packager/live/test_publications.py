"""The publications of a server by channel."""

import pytest

from packager.live import (
    Publication,
    PublicationExistsError,
    Publications,
    PublicationsFullError,
    WindowSettings,
)


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
