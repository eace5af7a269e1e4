"""What most encoders send: pictures with a key frame every few seconds, and AAC."""

from tests.packager.segmenter.publisher import Audio, Video, interleaved
from tests.packager.segmenter.show import Show


def test_an_obs_show_is_cut_into_equal_segments_without_losing_a_sample() -> None:
    video, audio = Video(), Audio()
    show = Show()
    show.start()
    show.play(interleaved(video, audio, duration_s=10))
    show.end()
    show.check_equal_times()
    show.check_even_parts()
    show.check_independent_segments()
    show.check_nothing_lost("video", list(video.samples(10)))
    assert show.cadence is not None
    assert show.cadence.target_duration_s == 2
    assert len(show.renditions["video"].segments) == 5
    assert show.warnings == []
