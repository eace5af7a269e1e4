"""QualityCollector: what players told of how they play, for /metrics."""

from collections.abc import Iterable

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from analytics.quality.keeping import QualityKeeper
from analytics.quality.listening import QualityListener
from analytics.quality.tally import QualityTally


class QualityCollector(Collector):
    """Reads the numbers that are kept anyway."""

    def __init__(
        self, listener: QualityListener, tally: QualityTally, keeper: QualityKeeper
    ) -> None:
        self._listener = listener
        self._tally = tally
        self._keeper = keeper

    def collect(self) -> Iterable[Metric]:
        """Name everything."""
        beacons = CounterMetricFamily(
            "rillcast_beacons", "Beacons of players, by what became of them.", labels=["outcome"]
        )
        for outcome, count in sorted(self._listener.beacon_counts.items()):
            beacons.add_metric([outcome], count)
        yield beacons
        requests = CounterMetricFamily(
            "rillcast_cmcd_requests",
            "Requests with CMCD, by what became of that; estimated when only a share is read.",
            labels=["outcome"],
        )
        for outcome, count in sorted(self._listener.request_counts.items()):
            requests.add_metric([outcome], count)
        yield requests
        yield GaugeMetricFamily(
            "rillcast_beacon_playbacks",
            "Playbacks whose last beacon is remembered.",
            value=len(self._listener.playbacks or ()),
        )
        yield GaugeMetricFamily(
            "rillcast_quality_open_minutes",
            "Minutes of channels that are in memory.",
            value=len(self._tally),
        )
        yield CounterMetricFamily(
            "rillcast_quality_failed_writes",
            "Writes of playback quality that failed, to be tried again.",
            value=self._keeper.failed_flush_count,
        )
        yield CounterMetricFamily(
            "rillcast_quality_dropped_minutes",
            "Minutes of channels that were forgotten because they could not be written.",
            value=self._tally.dropped_count,
        )
