"""What is counted, written down as plainly as can be: moment by moment, spell by spell."""

from collections.abc import Sequence

from analytics.history.figures import Bucket
from analytics.history.rollup import SESSION_GAP_MS, Spell


def watches(spell: Spell, from_ms: int, to_ms: int) -> bool:
    """Whether the spell reaches into a time; one of no length is where it began."""
    if spell.started_ms >= to_ms:
        return False
    return spell.ended_ms > from_ms or from_ms <= spell.started_ms


def shared_ms(spell: Spell, from_ms: int, to_ms: int) -> int:
    return max(0, min(spell.ended_ms, to_ms) - max(spell.started_ms, from_ms))


def peak(spells: Sequence[Spell], from_ms: int, to_ms: int) -> int:
    """The most at once: looked at whenever somebody comes."""
    moments = {from_ms} | {each.started_ms for each in spells if from_ms <= each.started_ms < to_ms}
    return max(
        sum(each.started_ms <= moment < each.ended_ms for each in spells) for moment in moments
    )


def begins_session(place: int, spells: Sequence[Spell]) -> bool:
    """Whether the session was not there lately. Of one session, spells are in their order."""
    spell = spells[place]
    return not any(
        other.session == spell.session and other.ended_ms >= spell.started_ms - SESSION_GAP_MS
        for other in spells[:place]
    )


def plain_bucket(spells: Sequence[Spell], from_ms: int, to_ms: int) -> Bucket | None:
    """Count one step, or return None if nobody watched in it."""
    seen = [each for each in spells if watches(each, from_ms, to_ms)]
    if not seen:
        return None
    renditions: dict[str, int] = {}
    for each in seen:
        if watched_ms := shared_ms(each, from_ms, to_ms):
            renditions[each.rendition] = renditions.get(each.rendition, 0) + watched_ms
    return Bucket(
        at_ms=from_ms,
        viewer_ms=sum(renditions.values()),
        peak=peak(spells, from_ms, to_ms),
        started=sum(
            from_ms <= each.started_ms < to_ms and begins_session(place, spells)
            for place, each in enumerate(spells)
        ),
        unique=len({each.viewer for each in seen}),
        renditions=dict(sorted(renditions.items())),
    )
