"""Checks: readings in, symptoms out. Each area has a file; thresholds stand beside their reason."""

from collections.abc import Iterator

from analytics.doctor.checks.keyframes import check_keyframes
from analytics.doctor.checks.picture import check_picture
from analytics.doctor.checks.sound import check_sound
from analytics.doctor.checks.timing import check_timing
from analytics.doctor.checks.upload import check_upload
from analytics.doctor.finding import Area, Symptom
from analytics.doctor.readings import Readings

_LEAST_OBSERVED_S = 5.0


def check_all(readings: Readings) -> list[Symptom]:
    """Return everything that is not as it should be."""
    return [
        *check_upload(readings),
        *check_keyframes(readings),
        *check_picture(readings),
        *check_sound(readings),
        *check_timing(readings),
    ]


def judged_areas(readings: Readings) -> Iterator[Area]:
    """Say what has been seen for long enough to be called good."""
    if readings.observed_s < _LEAST_OBSERVED_S or readings.silent_s > _LEAST_OBSERVED_S:
        return
    video, audio = readings.video, readings.audio
    yield Area.TIMING
    yield Area.UPLOAD
    if video is not None:
        yield Area.PICTURE
        if video.gop_count > 1:
            yield Area.KEYFRAMES
    if audio is not None:
        yield Area.SOUND


__all__ = ["check_all", "judged_areas"]
