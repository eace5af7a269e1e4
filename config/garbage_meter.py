"""GarbageMeter: how often the garbage collector held everybody up, and for how long."""

import gc
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector


class GarbageMeter(Collector):
    """Measures from `begin` to `end`. Costs a call at each collection."""

    def __init__(self) -> None:
        self._began_s = 0.0
        self._counts: Counter[int] = Counter()
        self._found_count = 0
        self._pauses_s = 0.0
        self.longest_s = 0.0

    @property
    def collection_count(self) -> int:
        """Count the times that garbage was looked for."""
        return self._counts.total()

    @property
    def pause_s(self) -> float:
        """For how long nothing else ran, in sum."""
        return self._pauses_s

    def begin(self) -> None:
        """Measure from now on."""
        gc.callbacks.append(self._note)

    def end(self) -> None:
        """Measure no more."""
        if self._note in gc.callbacks:
            gc.callbacks.remove(self._note)

    def collect(self) -> Iterable[Metric]:
        """Name the sums."""
        family = CounterMetricFamily(
            "rillcast_gc_collections", "Times that garbage was looked for.", labels=["generation"]
        )
        for generation, count in sorted(self._counts.items()):
            family.add_metric([str(generation)], count)
        yield family
        yield CounterMetricFamily(
            "rillcast_gc_found", "Objects that were garbage.", value=self._found_count
        )
        yield CounterMetricFamily(
            "rillcast_gc_pause_seconds", "Time for which nothing else ran.", value=self._pauses_s
        )
        yield GaugeMetricFamily(
            "rillcast_gc_longest_pause_seconds", "The longest of them.", value=self.longest_s
        )

    def _note(self, phase: str, facts: Mapping[str, Any]) -> None:
        if not gc.isenabled():
            return  # the server is being started: nobody waits
        now_s = time.perf_counter()
        if phase == "start":
            self._began_s = now_s
            return
        if not self._began_s:
            return  # began within a collection
        pause_s, self._began_s = now_s - self._began_s, 0.0
        self._counts[facts["generation"]] += 1
        self._found_count += facts["collected"]
        self._pauses_s += pause_s
        self.longest_s = max(self.longest_s, pause_s)
