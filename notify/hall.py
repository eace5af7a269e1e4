"""Hall: what all doors of one server share: WebSocket and event streams."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from notify.audience import Audience
from notify.bus import Bus
from notify.conversation import Conversation
from notify.herald import Herald
from notify.limits import ConnectionLimits
from notify.ports import Archive, Doorkeeper, Listener, Rights, Silence, Speech
from notify.settings import NotifySettings


@dataclass(frozen=True, slots=True)
class Hall:
    """The bus, who may hear what, and how many there may be."""

    bus: Bus
    herald: Herald
    audience: Audience
    doorkeeper: Doorkeeper
    rights: Rights
    archive: Archive
    limits: ConnectionLimits
    settings: NotifySettings
    speech: Speech = field(default_factory=Silence)

    @contextmanager
    def conversation(self, ready: Callable[[], None]) -> Iterator[Conversation]:
        """Let somebody in, as anybody at first, and see them out."""
        made = Conversation(
            self.bus,
            self.rights,
            self.archive,
            capacity=self.settings.queue_capacity,
            topic_limit=self.settings.topics_per_connection,
            backlog_limit=self.settings.replay_events,
            ready=ready,
        )
        self.audience.join(made)
        try:
            yield made
        finally:
            self.audience.leave(made)
            if made.listener.account_id is not None:
                self.limits.leave_account(made.listener.account_id)

    def know(self, conversation: Conversation, listener: Listener) -> bool:
        """Learn who somebody is; whether their account has a place left."""
        if listener.account_id is not None and not self.limits.admit_account(listener.account_id):
            return False
        conversation.listener = listener
        return True
