"""What the API shows of a channel's viewers: by time, and by broadcast."""

from pydantic import Field

from accounts.api.model import ApiModel, UtcTime
from analytics.history.comparison import BroadcastFigures, Earlier
from analytics.history.figures import ChannelViewers, Point, TitleAt
from analytics.history.moments import Moment, MomentReason
from analytics.history.reading import BroadcastHistory
from analytics.history.step import Step, TimeRange


class ViewersPoint(ApiModel):
    """One minute, hour or day in which somebody watched, wrote, or began or stopped following."""

    at: UtcTime = Field(description="When it begins.")
    mean: float = Field(description="Viewers at once, on average while the channel was live.")
    peak: int = Field(description="Most viewers at once.")
    started: int = Field(description="Playback sessions that began.")
    unique: int = Field(description="Viewers, each counted once in this point.")
    watch_ms: int = Field(description="Viewers, each times how long.")
    messages: int = Field(description="Chat messages written.")
    followers_gained: int = Field(description="How many began to follow.")
    followers_lost: int = Field(description="How many stopped following.")


class ViewersTotals(ApiModel):
    """The whole range."""

    watch_ms: int
    mean: float
    peak: int
    sessions: int
    unique: int = Field(description="Viewers, each counted once a day (UTC).")
    messages: int
    followers_gained: int
    followers_lost: int
    renditions: dict[str, int] = Field(description="Watch time in ms, by what was played.")


class TitleMark(ApiModel):
    """What the channel was called from a moment on."""

    at: UtcTime
    broadcast: str
    title: str
    category: str | None


class BroadcastSpan(ApiModel):
    """When the channel was live."""

    id: str
    started_at: UtcTime
    ended_at: UtcTime | None = Field(description="Null while it goes on.")


class ChannelViewersView(ApiModel):
    """A channel's viewers over a time. Points in which nothing was are left out."""

    since: UtcTime = Field(description="The beginning of the first step.")
    until: UtcTime = Field(description="The end of the last step.")
    step: Step
    step_ms: int
    computed_until: UtcTime | None = Field(
        description="Up to when viewers are in here; null while nothing was counted yet."
    )
    points: tuple[ViewersPoint, ...]
    totals: ViewersTotals
    followers: int = Field(description="Who follows now.")
    titles: tuple[TitleMark, ...] = Field(
        description="Titles within the range, the oldest first; none in steps of a day."
    )
    broadcasts: tuple[BroadcastSpan, ...] = Field(
        description="The oldest first; none in steps of a day."
    )


class BroadcastFiguresView(ApiModel):
    """A broadcast in figures, to be compared with others."""

    id: str
    title: str
    category: str | None
    started_at: UtcTime
    ended_at: UtcTime | None = Field(description="Null while it goes on.")
    duration_ms: int
    peak: int
    mean: float
    watch_ms: int
    unique: int
    sessions: int
    watch_ms_per_viewer: int = Field(description="0 if nobody watched.")
    messages: int
    followers_gained: int
    followers_lost: int
    renditions: dict[str, int] = Field(description="Watch time in ms, by what was played.")
    is_final: bool = Field(description="False while viewers are still being counted.")


class EarlierMeansView(ApiModel):
    """The mean of some broadcasts before this one: what it is compared with."""

    count: int = Field(description="How many there were, at most 10.")
    peak: float
    mean: float
    watch_ms: float
    unique: float
    watch_ms_per_viewer: float
    messages: float
    followers_gained: float
    followers_lost: float
    duration_ms: float


class TimelinePoint(ApiModel):
    """One step of a broadcast."""

    at: UtcTime
    offset_ms: int = Field(description="Since the broadcast began; below 0 in its first step.")
    mean: float
    peak: int
    unique: int
    started: int
    messages: int


class RetentionPointView(ApiModel):
    """How many are left."""

    minute: int
    present: float = Field(
        description="Of all viewers of the broadcast, how many watched in its minute `minute`; "
        "0 to 1."
    )
    stayed: float | None = Field(
        description="Of who came at least `minute` minutes before the end, how many still watched "
        "`minute` minutes later; 0 to 1, null where nobody could have."
    )


class MomentView(ApiModel):
    """A moment worth looking at again."""

    at: UtcTime
    media_time_ms: int = Field(description="How long the broadcast had run.")
    duration_ms: int
    score: float = Field(description="How much above the usual; the list is in its order.")
    messages: int
    viewers_gained: int
    reason: MomentReason = Field(description="What stood out.")


class BroadcastAnalyticsView(ApiModel):
    """All that is counted of one broadcast."""

    broadcast: BroadcastFiguresView
    earlier: EarlierMeansView | None = Field(description="Null for a channel's first broadcast.")
    step_ms: int = Field(
        description="A minute; more for broadcasts of over a day and those of long ago."
    )
    timeline: tuple[TimelinePoint, ...]
    retention: tuple[RetentionPointView, ...]
    moments: tuple[MomentView, ...] = Field(description="The best first, at most 10.")
    titles: tuple[TitleMark, ...]


# Answers of thousands of points are made of what we counted ourselves, and checked no more: that
# would take ten times as long as making them (`model_construct`).


def channel_viewers_view(viewers: ChannelViewers, wanted: TimeRange) -> ChannelViewersView:
    """Show a channel's viewers over a range."""
    totals = viewers.totals
    # Hundreds of titles on a line of days would tell nobody anything.
    has_marks = wanted.step is not Step.DAY
    return ChannelViewersView.model_construct(
        since=wanted.from_ms,
        until=wanted.to_ms,
        step=wanted.step,
        step_ms=wanted.step.ms,
        computed_until=viewers.computed_until_ms,
        points=tuple(map(_point_view, viewers.points)),
        totals=ViewersTotals(
            watch_ms=totals.viewer_ms,
            mean=viewers.mean,
            peak=totals.peak,
            sessions=totals.started,
            unique=totals.unique,
            messages=totals.messages,
            followers_gained=viewers.following.gained,
            followers_lost=viewers.following.lost,
            renditions=dict(totals.renditions),
        ),
        followers=viewers.followers,
        titles=tuple(map(_title_mark, viewers.titles if has_marks else ())),
        broadcasts=tuple(
            BroadcastSpan(id=each.broadcast_id, started_at=each.started_ms, ended_at=each.ended_ms)
            for each in (viewers.broadcasts if has_marks else ())
        ),
    )


def broadcast_figures_view(figures: BroadcastFigures) -> BroadcastFiguresView:
    """Show a broadcast in figures."""
    return BroadcastFiguresView(
        id=figures.broadcast_id,
        title=figures.title,
        category=figures.category,
        started_at=figures.started_ms,
        ended_at=figures.ended_ms,
        duration_ms=figures.duration_ms,
        peak=figures.peak,
        mean=figures.mean,
        watch_ms=figures.viewer_ms,
        unique=figures.unique,
        sessions=figures.sessions,
        watch_ms_per_viewer=figures.ms_per_viewer,
        messages=figures.messages,
        followers_gained=figures.followers_gained,
        followers_lost=figures.followers_lost,
        renditions=dict(figures.renditions),
        is_final=figures.is_final,
    )


def broadcast_analytics_view(history: BroadcastHistory) -> BroadcastAnalyticsView:
    """Show all that is kept of a broadcast."""
    began_ms = history.figures.started_ms
    return BroadcastAnalyticsView.model_construct(
        broadcast=broadcast_figures_view(history.figures),
        earlier=None if history.earlier is None else _earlier_view(history.earlier),
        step_ms=history.step_ms,
        timeline=tuple(_timeline_point(each, began_ms) for each in history.timeline),
        retention=tuple(
            RetentionPointView.model_construct(
                minute=each.minute, present=each.present, stayed=each.stayed
            )
            for each in history.retention
        ),
        moments=tuple(_moment_view(each, began_ms) for each in history.moments),
        titles=tuple(map(_title_mark, history.titles)),
    )


def _point_view(point: Point) -> ViewersPoint:
    bucket = point.bucket
    return ViewersPoint.model_construct(
        at=bucket.at_ms,
        mean=point.mean,
        peak=bucket.peak,
        started=bucket.started,
        unique=bucket.unique,
        watch_ms=bucket.viewer_ms,
        messages=bucket.messages,
        followers_gained=point.following.gained,
        followers_lost=point.following.lost,
    )


def _title_mark(title: TitleAt) -> TitleMark:
    return TitleMark.model_construct(
        at=title.at_ms, broadcast=title.broadcast_id, title=title.title, category=title.category
    )


def _earlier_view(earlier: Earlier) -> EarlierMeansView:
    return EarlierMeansView(
        count=earlier.count,
        peak=earlier.peak,
        mean=earlier.mean,
        watch_ms=earlier.viewer_ms,
        unique=earlier.unique,
        watch_ms_per_viewer=earlier.ms_per_viewer,
        messages=earlier.messages,
        followers_gained=earlier.followers_gained,
        followers_lost=earlier.followers_lost,
        duration_ms=earlier.duration_ms,
    )


def _timeline_point(point: Point, began_ms: int) -> TimelinePoint:
    bucket = point.bucket
    return TimelinePoint.model_construct(
        at=bucket.at_ms,
        offset_ms=bucket.at_ms - began_ms,
        mean=point.mean,
        peak=bucket.peak,
        unique=bucket.unique,
        started=bucket.started,
        messages=bucket.messages,
    )


def _moment_view(moment: Moment, began_ms: int) -> MomentView:
    return MomentView(
        at=began_ms + moment.media_time_ms,
        media_time_ms=moment.media_time_ms,
        duration_ms=moment.duration_ms,
        score=moment.score,
        messages=moment.messages,
        viewers_gained=moment.viewers_gained,
        reason=moment.reason,
    )
