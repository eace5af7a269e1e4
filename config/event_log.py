"""What happens to shows, as lines of the log."""

import structlog

from packager.events import (
    BroadcastEnded,
    BroadcastInterrupted,
    BroadcastRecovered,
    BroadcastResumed,
    BroadcastStarted,
    BroadcastWarned,
    PackagerEvent,
)

_log: structlog.stdlib.BoundLogger = structlog.get_logger("packager")


def log_packager_event(event: PackagerEvent) -> None:
    """Write one line."""
    match event:
        case BroadcastStarted():
            _log.info("show is live", channel=event.channel, epoch=event.epoch)
        case BroadcastInterrupted():
            _log.info(
                "show waits for its publisher", channel=event.channel, goodbye_said=event.stopped
            )
        case BroadcastResumed():
            _log.info("show goes on", channel=event.channel)
        case BroadcastRecovered():
            _log.info(
                "show recovered, waits for its publisher",
                channel=event.channel,
                epoch=event.epoch,
                away_s=round(event.away_s, 1),
            )
        case BroadcastEnded():
            _log.info("show ended", channel=event.channel, duration_s=round(event.duration_s, 1))
        case BroadcastWarned():
            _log.warning(
                "show warned",
                channel=event.channel,
                code=event.warning.code.value,
                text=event.warning.text,
            )
