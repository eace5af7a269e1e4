"""Timeline: which segments an MPD offers at a moment, by its timeline or by nominal durations."""

from conformance.mpd.presentation import Mpd, MpdSegment, Period, Representation


def listed_segments(
    mpd: Mpd, period: Period, representation: Representation, now_unix_us: int
) -> tuple[MpdSegment, ...]:
    """List the segments of a Representation, oldest first, that are or will soon be available.

    With a timeline these are its own. With a nominal duration, those of the time shift buffer up
    to the one that begins next: none of them is written anywhere.
    """
    template = representation.template
    if template.duration is None:
        return template.segments
    duration_us = template.duration * 1_000_000 // template.timescale
    if duration_us == 0:
        return ()
    elapsed_us = now_unix_us - mpd.availability_start_us - period.start_us
    newest = elapsed_us // duration_us + 1
    window_us = mpd.time_shift_us if mpd.time_shift_us is not None else 60_000_000
    oldest = max(0, (elapsed_us - window_us) // duration_us)
    return tuple(
        MpdSegment(
            template.start_number + index,
            template.presentation_time_offset + index * template.duration,
            template.duration,
        )
        for index in range(oldest, newest + 1)
    )


def following_segment(
    segments: tuple[MpdSegment, ...], representation: Representation, last: MpdSegment
) -> MpdSegment | None:
    """Find what follows a segment of which the true times are known; None if it is not listed.

    By number where numbers are addresses. Where times are, an MPD may number anew with each
    version; and it may have guessed the end of `last` a little wrong.
    """
    if "$Number" in representation.template.media:
        return next((each for each in segments if each.number == last.number + 1), None)
    return next(
        (each for each in segments if each.time >= last.end_time - each.duration // 2), None
    )
