"""Peak and average bit rates as rfc8216bis 4.1 measures them."""

from packager.live.bitrate import BitrateMeter


def meter(*segments: tuple[int, int], target_duration_s: int = 2) -> BitrateMeter:
    measured = BitrateMeter(target_duration_s)
    for size_bytes, duration_us in segments:
        measured.add_segment(size_bytes, duration_us)
    return measured


def test_the_average_is_over_all_segments() -> None:
    assert meter((1_000_000, 2_000_000), (500_000, 1_000_000)).average_bps(None) == 4_000_000


def test_the_peak_is_that_of_the_largest_segment() -> None:
    segments = [(1_000_000, 2_000_000), (1_500_000, 2_000_000), (900_000, 2_000_000)]
    assert meter(*segments).peak_bps(None) == 6_000_000


def test_a_short_segment_counts_only_together_with_its_neighbours() -> None:
    # Half a second of 8 Mbit/s is less than half a target duration.
    segments = [(1_000_000, 2_000_000), (500_000, 500_000), (1_000_000, 2_000_000)]
    assert meter(*segments).peak_bps(None) == 4_800_000


def test_a_show_shorter_than_half_a_target_duration_peaks_at_its_average() -> None:
    assert meter((100_000, 500_000)).peak_bps(None) == 1_600_000


def test_the_publishers_claim_counts_until_enough_was_measured() -> None:
    measured = meter((1_000_000, 2_000_000), (1_000_000, 2_000_000))
    assert measured.peak_bps(6_000_000) == 6_000_000
    assert measured.average_bps(6_000_000) == 6_000_000
    assert measured.peak_bps(3_000_000) == 4_000_000
    measured.add_segment(1_000_000, 2_000_000)
    assert measured.peak_bps(6_000_000) == 4_000_000


def test_nothing_measured_is_the_claim_or_one_bit() -> None:
    # BANDWIDTH is required and hls.js drops a variant of none.
    assert meter().peak_bps(None) == 1
    assert meter().average_bps(2_500_000) == 2_500_000
    assert meter((5, 0)).average_bps(None) == 1


def test_old_segments_are_forgotten() -> None:
    measured = meter((9_000_000, 2_000_000), *[(1_000_000, 2_000_000)] * 32)
    assert measured.peak_bps(None) == 4_000_000
