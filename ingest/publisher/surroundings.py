"""Surroundings: what all sessions of a server share."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from itertools import count

from ingest.events import Emit
from ingest.ports import MediaGateway, PublishAuthorizer
from ingest.publisher.log_gate import LogGate
from ingest.publisher.on_air import OnAir
from ingest.publisher.settings import RtmpSettings

Spawn = Callable[[Coroutine[None, None, None]], asyncio.Task[None]]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Owned by the server. `spawn` starts a task that the server waits for when it stops.

    `is_measured`: somebody wants to hear of MediaMeasured.
    """

    settings: RtmpSettings
    authorizer: PublishAuthorizer
    gateway: MediaGateway
    emit: Emit
    loop: asyncio.AbstractEventLoop
    spawn: Spawn
    log_gate: LogGate = field(default_factory=LogGate)
    on_air: OnAir = field(default_factory=OnAir)
    publisher_ids: "count[int]" = field(default_factory=lambda: count(1))
    is_measured: bool = False

    def log_seldom(
        self, log: Callable[..., object], event: str, subject: str, **facts: str | None
    ) -> None:
        """Log what anybody can cause, unless there was too much of its subject lately."""
        held_back = self.log_gate.ask(subject, self.loop.time())
        if held_back is not None:
            log(event, **facts, more_like_it=held_back)
