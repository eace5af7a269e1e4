"""Playback quality: GET /channels/{channel}/analytics/quality."""

import asyncio
from typing import Any, Final

from pydantic import Field

from accounts.api.model import ApiModel, UtcTime
from accounts.api.operation import USER, Call, operation
from accounts.api.resources.channel_problems import REFUSALS
from analytics.api.time_range import RangeQuery
from analytics.history.step import Step
from analytics.ports import Clock, FiguresAccess
from analytics.quality.figures import Figures
from analytics.quality.histogram import Histogram
from analytics.quality.labels import Dimension
from analytics.quality.reading import QualityHistory

_HOUR_MS: Final = 3_600_000
_POINTS_AT_ONCE: Final = 10  # that are made before media may be served again: about 0.5 ms


class QualityQuery(RangeQuery):
    """Which time, in which steps, and split by what."""

    by: Dimension | None = Field(None, description="By which label `groups` are split.")


class Percentiles(ApiModel):
    """Half of all values are at most `p50`, 95 of 100 at most `p95`; within 5 %."""

    p50: int
    p75: int
    p95: int


class RequestFigures(ApiModel):
    """What players said with their requests (CMCD), those of others than our page among them."""

    requests: int = Field(description="Requests whose CMCD was read: all, or a share when busy.")
    starved_ratio: float | None = Field(description="Share that said: the buffer had run dry.")
    buffer_ms: Percentiles | None
    throughput_kbps: Percentiles | None


class QualityFigures(ApiModel):
    """How well it played. Ratios are null where there is nothing to divide by."""

    sessions: int = Field(description="Playbacks that began.")
    watched_ms: int = Field(description="Time in which pictures moved, of all viewers.")
    startup_ms: Percentiles | None = Field(description="From asking for the show to its picture.")
    stalls: int
    stalled_ms: int
    stall_ratio: float | None = Field(description="Stalled time of stalled and watched time.")
    stalls_per_hour: float | None = Field(description="For each hour that somebody watched.")
    latency_ms: Percentiles | None = Field(description="Behind the streamer's clock.")
    bitrate_bps: int | None = Field(description="Mean nominal bit rate of what was shown.")
    switches_up: int
    switches_down: int
    dropped_frame_ratio: float | None
    fatal_errors: int
    errors: dict[str, int] = Field(description="Fatal errors, by code.")
    cmcd: RequestFigures


class QualityPoint(QualityFigures):
    """One step."""

    at: UtcTime = Field(description="When the step begins.")


class QualityGroup(QualityFigures):
    """All viewers of one label's value."""

    value: str = Field(description='As in "firefox", "hls.js", "de"; "other", "unknown".')


class QualityView(ApiModel):
    """Figures of a span of time, widened to whole steps."""

    from_: UtcTime = Field(alias="from")
    to: UtcTime
    step: Step
    by: Dimension | None
    total: QualityFigures
    points: tuple[QualityPoint, ...] = Field(description="Steps in which anybody watched.")
    groups: tuple[QualityGroup, ...] = Field(description="The most watched first; none without by.")


class QualityResource:
    """Shows streamers how well their shows play."""

    def __init__(self, history: QualityHistory, access: FiguresAccess, clock: Clock) -> None:
        self._history = history
        self._access = access
        self._clock = clock

    @operation(
        "GET",
        "/channels/{channel}/analytics/quality",
        tag="analytics",
        access=USER,
        scope="channels:read",
        problems=REFUSALS,
    )
    async def get_channel_quality(
        self, call: Call, channel: str, query: QualityQuery
    ) -> QualityView:
        """Show how well a channel plays, to its owner and moderators.

        Measured by the players: those of this server's pages tell all of it, others some.
        """
        place = await self._access.readable_channel(call, channel)
        span = query.range_at(self._clock())
        read = await self._history.read(place.channel_id, span, query.by)
        points: list[QualityPoint] = []
        for at_ms, figures in read.steps.items():
            points.append(QualityPoint.model_construct(at=at_ms, **_shown(figures)))
            if len(points) % _POINTS_AT_ONCE == 0:
                await asyncio.sleep(0)
        return QualityView.model_construct(
            from_=span.from_ms,
            to=span.to_ms,
            step=query.step,
            by=query.by,
            total=QualityFigures.model_construct(**_shown(read.total)),
            points=tuple(points),
            groups=tuple(
                QualityGroup.model_construct(value=value, **_shown(figures))
                for value, figures in sorted(
                    read.values.items(), key=lambda item: (-item[1].watched_ms, item[0])
                )
            ),
        )


# Points are made of what we counted ourselves, and checked no more: that would take longer than
# making and writing them (`model_construct`).


def _shown(figures: Figures) -> dict[str, Any]:
    """Return the members of QualityFigures."""
    watched_ms, stalled_ms = figures.watched_ms, figures.stalled_ms
    return {
        "sessions": figures.sessions,
        "watched_ms": watched_ms,
        "startup_ms": _percentiles(figures.startup_ms),
        "stalls": figures.stalls,
        "stalled_ms": stalled_ms,
        "stall_ratio": _ratio(stalled_ms, watched_ms + stalled_ms),
        "stalls_per_hour": _ratio(figures.stalls * _HOUR_MS, watched_ms),
        "latency_ms": _percentiles(figures.latency_ms),
        "bitrate_bps": _mean_bps(figures),
        "switches_up": figures.switches_up,
        "switches_down": figures.switches_down,
        "dropped_frame_ratio": _ratio(figures.dropped_frames, figures.decoded_frames),
        "fatal_errors": sum(figures.errors.values()),
        "errors": figures.errors,
        "cmcd": RequestFigures.model_construct(
            requests=figures.requests,
            starved_ratio=_ratio(figures.starved_requests, figures.requests),
            buffer_ms=_percentiles(figures.buffer_ms),
            throughput_kbps=_percentiles(figures.throughput_kbps),
        ),
    }


def _percentiles(histogram: Histogram) -> Percentiles | None:
    found = histogram.percentiles(0.5, 0.75, 0.95)
    if not found:
        return None
    p50, p75, p95 = found
    return Percentiles.model_construct(p50=p50, p75=p75, p95=p95)


def _ratio(part: int, whole: int) -> float | None:
    return round(part / whole, 6) if whole else None


def _mean_bps(figures: Figures) -> int | None:
    if not figures.rated_ms:
        return None
    return figures.rated_kbit * 1_000_000 // figures.rated_ms
