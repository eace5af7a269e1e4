"""How many watch a channel, as counted from who waits."""

from config.viewer_sampler import ViewerSampler
from packager.hls import Position
from packager.live import Publications
from tests.distribution.show import Show

SAMPLES_A_COUNT = 20


class Player:
    """Waits, and is woken."""

    def wake(self) -> None:
        """Ask for the next version, some time."""


def counted(sampler: ViewerSampler) -> None:
    for _ in range(SAMPLES_A_COUNT):
        sampler.sample()


def test_a_player_of_several_renditions_is_one_viewer() -> None:
    publications, counts = Publications(2), dict[str, int]()
    sampler = ViewerSampler(publications, counts.__setitem__)
    show, alone = Show("ada"), Show("bob", tracks=1)
    for each in (show, alone):
        publications.open(each.publication)
        each.add_segments(2)
    video, audio = (show.publication.renditions[name] for name in ("video", "audio"))
    for rendition in (video, audio):
        for _ in range(3):
            rendition.playlist_room.enter(Position(3, 0), Player())
        rendition.part_room.enter(9, Player())  # hinted: asked for by whoever asks the playlist
    audio.playlist_room.enter(Position(3, 0), Player())  # listens only
    video.growth_room.enter(Position(3, 0), Player())  # DASH
    counted(sampler)
    assert counts == {"ada": 4, "bob": 0}


def test_the_most_of_five_seconds_count() -> None:
    publications, counts = Publications(1), dict[str, int]()
    sampler = ViewerSampler(publications, counts.__setitem__)
    show = Show()
    publications.open(show.publication)
    show.add_segments(2)
    room, player = show.publication.renditions["video"].playlist_room, Player()
    room.enter(Position(3, 0), player)
    sampler.sample()
    room.leave(Position(3, 0), player)  # it fetches the part that it waited for
    for _ in range(SAMPLES_A_COUNT - 2):
        sampler.sample()
    assert counts == {}
    sampler.sample()
    assert counts == {"ada": 1}
    counted(sampler)
    assert counts == {"ada": 0}


def test_a_show_that_has_ended_is_not_counted() -> None:
    publications, counts = Publications(1), dict[str, int]()
    sampler = ViewerSampler(publications, counts.__setitem__)
    show = Show()
    publications.open(show.publication)
    show.add_segments(2)
    show.publication.end()
    counted(sampler)
    assert counts == {}
