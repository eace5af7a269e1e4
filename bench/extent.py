"""Extent: how much is measured, and for how long."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Extent:
    """Numbers of a run; times are seconds."""

    publisher_counts: tuple[int, ...]
    qualities: tuple[str, ...]
    rounds: int
    warm_up_s: float
    measure_s: float
    finds_most_publishers: bool
    # Viewers of one channel, and how many channels have ten viewers each.
    one_channel_viewers: tuple[int, ...]
    ten_viewer_channels: tuple[int, ...]
    view_s: float
    resource_s: float
    latency_publishers: int
    latency_s: float
    glass_s: int
    listed_segments: tuple[int, ...]
    sessions: int
    sessions_at_once: int
    session_s: float
    listeners: int
    alerts: int
    talk_s: float
    # Channels with a year behind them, and how often each of their panels is asked for.
    history_channels: int
    panel_rounds: int


FULL = Extent(
    publisher_counts=(20, 100),
    qualities=("720p30", "1080p60"),
    rounds=2,
    warm_up_s=8,
    measure_s=10,
    finds_most_publishers=True,
    one_channel_viewers=(250, 500, 1000),
    ten_viewer_channels=(25, 50, 100),
    view_s=10,
    resource_s=2.5,
    latency_publishers=100,
    latency_s=20,
    glass_s=60,
    listed_segments=(7, 15, 30, 45),
    sessions=2000,
    sessions_at_once=50,
    session_s=3,
    listeners=10_000,
    alerts=5,
    talk_s=30,
    history_channels=100,
    panel_rounds=50,
)
QUICK = Extent(
    publisher_counts=(5, 20),
    qualities=("720p30",),
    rounds=2,
    warm_up_s=4,
    measure_s=5,
    finds_most_publishers=False,
    one_channel_viewers=(50, 200),
    ten_viewer_channels=(5, 20),
    view_s=4,
    resource_s=1,
    latency_publishers=20,
    latency_s=6,
    glass_s=5,
    listed_segments=(6, 12),
    sessions=150,
    sessions_at_once=20,
    session_s=2,
    listeners=1000,
    alerts=2,
    talk_s=8,
    history_channels=20,
    panel_rounds=20,
)
