"""Volumes: where parts go, and whether they came there."""

from packager.journal.entry import Place
from packager.journal.volume import VOLUME_BYTES, VolumeBook, read_part, seal


def test_parts_lie_one_behind_the_other_until_a_volume_is_full() -> None:
    book = VolumeBook()
    places = [book.assign("video", number, VOLUME_BYTES // 4) for number in range(1, 6)]
    stride = VOLUME_BYTES // 4 + len(seal(places[0]))
    assert [(place.volume, place.offset) for place in places] == [
        (1, 0),
        (1, stride),
        (1, 2 * stride),
        (2, 0),
        (2, stride),
    ]


def test_a_part_larger_than_a_volume_has_one_of_its_own() -> None:
    book = VolumeBook()
    assert book.assign("video", 1, 3 * VOLUME_BYTES) == Place(1, 0, 3 * VOLUME_BYTES)
    assert book.assign("video", 2, 1).volume == 2


def test_a_volume_is_free_once_no_rendition_needs_a_part_of_it() -> None:
    book = VolumeBook()
    for number in range(1, 4):
        book.assign("video", number, VOLUME_BYTES)
        book.assign("audio", number, 1)
    oldest = {"video": 2, "audio": 1}
    assert book.free(oldest.__getitem__) == [1]
    oldest["audio"] = 2
    assert book.free(oldest.__getitem__) == [2]
    assert book.free(lambda _: 1000) == [3, 4, 5]
    assert book.volumes == [book.current] == [6]  # it may still grow


def test_a_volume_number_is_never_used_again() -> None:
    book = VolumeBook()
    book.note(Place(7, 0, 10), "video", 70)
    assert book.assign("video", 71, 10).volume == 8


def test_a_part_is_there_only_with_its_own_seal() -> None:
    place, other = Place(2, 4, 3), Place(1, 4, 3)
    assert read_part(b"....abc" + seal(place), place) == b"abc"
    assert read_part(b"....abc" + seal(other), place) is None
    assert read_part(b"....abc" + seal(place)[:-1], place) is None
    assert read_part(b"....", place) is None
