"""Facts of accounts as webhooks are told of them: the same events that listeners hear."""

from typing import Final

from accounts.facts import Fact
from accounts.webhooks.event import EventKind, WebhookEvent
from config.fact_tellings import tellings_of

_KINDS: Final = frozenset(kind.value for kind in EventKind)


def webhook_event_of(fact: Fact) -> WebhookEvent | None:
    """Return what is told of a fact; None for what is not for webhooks."""
    for telling in tellings_of(fact):
        event = telling.event
        if event.TYPE in _KINDS:
            members = event.model_dump(mode="json", by_alias=True)
            return WebhookEvent(EventKind(event.TYPE), members)
    return None
