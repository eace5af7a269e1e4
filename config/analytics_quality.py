"""QualitySide: playback quality, put together for one server."""

import time
from collections.abc import Callable, Collection, Sequence
from typing import Final

from prometheus_client.registry import Collector

from accounts.storage import Database
from analytics.api.quality import QualityResource
from analytics.ports import Clock, FiguresAccess
from analytics.quality.keeping import QualityKeeper
from analytics.quality.listening import QualityListener
from analytics.quality.playbacks import Witness
from analytics.quality.reading import QualityHistory
from analytics.quality.settings import QualitySettings
from analytics.quality.tally import QualityTally
from config.quality_collector import QualityCollector

_OPEN_MINUTES: Final = 5_000  # of channels; an hour of 80 of them while the database is away


class QualitySide:
    """What is told of playback: taken, kept and shown.

    `listener` is None where nobody listens. `channel_id` knows the channels that are on air here,
    `witness` the sessions of who watches them; None where nobody has one.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        settings: QualitySettings,
        access: FiguresAccess,
        *,
        channel_id: Callable[[str], str | None],
        trusted_proxies: Collection[str],
        witness: Witness | None,
    ) -> None:
        self.resources: Sequence[object] = (
            QualityResource(QualityHistory(database), access, clock),
        )
        tally = QualityTally(settings.label_values, _OPEN_MINUTES)
        listener = QualityListener(
            tally,
            settings,
            clock,
            time.monotonic,
            channel_id=channel_id,
            trusted_proxies=trusted_proxies,
            witness=witness,
        )
        self.keeper = QualityKeeper(database, clock, settings, tally)
        self.listener = listener if settings.enabled else None
        self.collectors: Sequence[Collector] = (QualityCollector(listener, tally, self.keeper),)
