"""Settings that no cadence can be made of are refused."""

import pytest

from packager.segmenter import SegmenterSettings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("segment_target_ms", 999),
        ("segment_target_ms", 10_001),
        ("announced_wait_ms", -1),
        ("unannounced_wait_ms", 10_001),
        ("stall_wait_ms", 199),
        ("stall_wait_max_ms", 1000),
        ("max_renditions", 0),
    ],
)
def test_a_value_out_of_range_is_named(name: str, value: int) -> None:
    with pytest.raises(ValueError, match=name):
        SegmenterSettings(**{name: value})
