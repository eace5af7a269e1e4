"""Webhook and Delivery: what is known of them."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from accounts.webhooks.event import EventKind


class DeliveryState(StrEnum):
    """What has become of a delivery."""

    WAITING = "waiting"  # to be tried, for the first time or again
    DELIVERED = "delivered"
    FAILED = "failed"  # and not tried any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A webhook without its secret. `disabled_reason` says why the server switched it off."""

    id: str
    channel_id: str | None
    name: str
    url: str
    kinds: frozenset[EventKind]
    is_enabled: bool
    disabled_reason: str | None
    failing_since_ms: int | None
    delivered_at_ms: int | None
    rotated_at_ms: int | None
    revision: int
    created_at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One event on its way to one receiver, and how its last attempt went."""

    id: str
    message_id: str
    kind: str
    state: DeliveryState
    attempts: int
    created_at_ms: int
    due_at_ms: int | None
    attempted_at_ms: int | None
    status: int | None
    error: str | None
    duration_ms: int | None
    body: str = field(repr=False)
    answer: str | None = field(repr=False)


def webhook_of(row: Any) -> Webhook:
    """Make a Webhook of a row of `webhooks`."""
    return Webhook(
        id=row.id,
        channel_id=row.channel_id,
        name=row.name,
        url=row.url,
        kinds=frozenset(map(EventKind, row.kinds)),
        is_enabled=row.is_enabled,
        disabled_reason=row.disabled_reason,
        failing_since_ms=row.failing_since_ms,
        delivered_at_ms=row.delivered_at_ms,
        rotated_at_ms=row.rotated_at_ms,
        revision=row.revision,
        created_at_ms=row.created_at_ms,
    )


def delivery_of(row: Any) -> Delivery:
    """Make a Delivery of a row of `webhook_deliveries`."""
    return Delivery(
        id=row.id,
        message_id=row.message_id,
        kind=row.kind,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        created_at_ms=row.created_at_ms,
        due_at_ms=row.due_at_ms,
        attempted_at_ms=row.attempted_at_ms,
        status=row.status,
        error=row.error,
        duration_ms=row.duration_ms,
        body=row.body,
        answer=row.answer,
    )
