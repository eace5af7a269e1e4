"""Webhooks and their deliveries as the API shows and takes them."""

from pydantic import Field

from accounts.api.model import ApiModel, UtcTime
from accounts.api.operation import Answer
from accounts.api.resources.channel_views import revision_tag
from accounts.api.throttle import Throttle
from accounts.channels.written_text import LABEL_CHARACTERS
from accounts.outbound.target import URL_CHARACTERS
from accounts.webhooks.event import EventKind
from accounts.webhooks.webhook import Delivery, DeliveryState, Webhook
from accounts.webhooks.webhooks import NewSecret, WebhookEdit

NEW_WEBHOOKS = Throttle("new-webhooks", burst=20, per_minute=10)
EDITS = Throttle("webhook-edits", burst=200, per_minute=20)
SENDINGS = Throttle("webhook-sendings", burst=20, per_minute=20)

_NAME = "For its owner to know it by."
_URL = "Where deliveries are posted to, by HTTPS; a host that everybody can reach."


class NewWebhook(ApiModel):
    """A webhook to be made."""

    name: str = Field(min_length=1, max_length=LABEL_CHARACTERS, description=_NAME)
    url: str = Field(min_length=1, max_length=URL_CHARACTERS, description=_URL)
    events: tuple[EventKind, ...] = Field(min_length=1, max_length=len(EventKind))
    is_enabled: bool = True


class WebhookFields(ApiModel):
    """What can be changed of a webhook. What is left out stays as it is."""

    name: str | None = Field(None, min_length=1, max_length=LABEL_CHARACTERS, description=_NAME)
    url: str | None = Field(None, min_length=1, max_length=URL_CHARACTERS, description=_URL)
    events: tuple[EventKind, ...] | None = Field(None, min_length=1, max_length=len(EventKind))
    is_enabled: bool | None = None


class WebhookView(ApiModel):
    """A webhook without its secret."""

    id: str
    name: str
    url: str
    events: tuple[EventKind, ...]
    is_enabled: bool
    disabled_reason: str | None = Field(
        description="Why the server has switched it off: `failing` (too long) or `gone` (it "
        "answered 410). Null if it has not."
    )
    failing_since: UtcTime | None = Field(
        description="When the first delivery failed since the last that did not."
    )
    last_delivered_at: UtcTime | None
    created_at: UtcTime
    rotated_at: UtcTime | None


class NewWebhookView(WebhookView):
    """A webhook with its secret, which is shown this once."""

    secret: str = Field(description="What deliveries are signed with (Standard Webhooks).")


class DeliveryView(ApiModel):
    """One event on its way to a receiver."""

    id: str
    message_id: str = Field(description="The header `webhook-id`, the same for every repetition.")
    event: str
    state: DeliveryState
    attempts: int
    created_at: UtcTime
    attempted_at: UtcTime | None = Field(description="When it was last tried.")
    next_attempt_at: UtcTime | None = Field(description="Null once it is tried no more.")
    status: int | None = Field(description="The last answer's status; null if there was none.")
    error: str | None = Field(
        description="Why the last attempt failed: `status`, `refused-address`, `unresolved`, "
        "`unreachable`, `tls`, `timeout`, `garbage`, `switched-off`, `too-many-waiting`, "
        "`no-secret`; null if it did not."
    )
    duration_ms: int | None


class DeliveryDetailView(DeliveryView):
    """A delivery with what was sent and what came back."""

    body: str = Field(description="What is sent, to the letter.")
    answer: str | None = Field(description="How the last answer's body began.")


def webhook_view(webhook: Webhook) -> WebhookView:
    """Show a webhook."""
    return WebhookView(
        id=webhook.id,
        name=webhook.name,
        url=webhook.url,
        events=tuple(sorted(webhook.kinds)),
        is_enabled=webhook.is_enabled,
        disabled_reason=webhook.disabled_reason,
        failing_since=webhook.failing_since_ms,
        last_delivered_at=webhook.delivered_at_ms,
        created_at=webhook.created_at_ms,
        rotated_at=webhook.rotated_at_ms,
    )


def new_webhook_view(made: NewSecret) -> NewWebhookView:
    """Show a webhook and its secret."""
    return NewWebhookView(**dict(webhook_view(made.webhook)), secret=made.secret)


def webhook_answer(webhook: Webhook) -> Answer[WebhookView]:
    """Show a webhook that can be edited."""
    shown = webhook_view(webhook)
    return Answer(shown, etag=revision_tag(webhook.revision, shown))


def webhook_edit(body: WebhookFields) -> WebhookEdit:
    """Take what was sent."""
    return WebhookEdit(name=body.name, url=body.url, kinds=body.events, is_enabled=body.is_enabled)


def delivery_view(delivery: Delivery) -> DeliveryView:
    """Show a delivery in a list."""
    return DeliveryView(
        id=delivery.id,
        message_id=delivery.message_id,
        event=delivery.kind,
        state=delivery.state,
        attempts=delivery.attempts,
        created_at=delivery.created_at_ms,
        attempted_at=delivery.attempted_at_ms,
        next_attempt_at=delivery.due_at_ms,
        status=delivery.status,
        error=delivery.error,
        duration_ms=delivery.duration_ms,
    )


def delivery_detail_view(delivery: Delivery) -> DeliveryDetailView:
    """Show all of a delivery."""
    return DeliveryDetailView(
        **dict(delivery_view(delivery)), body=delivery.body, answer=delivery.answer
    )
