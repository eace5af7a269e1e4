"""Webhooks of channels: /channels/{channel}/webhooks."""

from accounts.api.model import Listing, PageQuery
from accounts.api.operation import USER, Answer, Call, operation
from accounts.api.resources.channel_problems import (
    REFUSALS,
    WRITE_REFUSALS,
    asker_of,
    explained,
    revision_check,
)
from accounts.api.resources.cursors import read_cursor
from accounts.api.resources.webhook_views import (
    EDITS,
    NEW_WEBHOOKS,
    SENDINGS,
    DeliveryDetailView,
    DeliveryView,
    NewWebhook,
    NewWebhookView,
    WebhookFields,
    WebhookView,
    delivery_detail_view,
    delivery_view,
    new_webhook_view,
    webhook_answer,
    webhook_edit,
    webhook_view,
)
from accounts.storage import Page
from accounts.webhooks.delivery_log import DeliveryLog
from accounts.webhooks.webhooks import Webhooks


class ChannelWebhooksResource:
    """Makes, shows, changes, tests and deletes webhooks of channels, with their deliveries."""

    def __init__(self, webhooks: Webhooks, deliveries: DeliveryLog) -> None:
        self._webhooks = webhooks
        self._deliveries = deliveries

    @operation(
        "GET",
        "/channels/{channel}/webhooks",
        tag="webhooks",
        access=USER,
        scope="channels:read",
        problems=REFUSALS,
    )
    async def list_webhooks(self, call: Call, channel: str) -> Listing[WebhookView]:
        """List a channel's webhooks, the oldest first, for its owner."""
        with explained():
            found = await self._webhooks.of_place(channel, asker_of(call))
        return Listing[WebhookView].of(Page(found, None), webhook_view)

    @operation(
        "POST",
        "/channels/{channel}/webhooks",
        tag="webhooks",
        access=USER,
        scope="channels:write",
        status=201,
        creates=True,
        shows_secret=True,
        problems=WRITE_REFUSALS,
        account_throttle=NEW_WEBHOOKS,
    )
    async def create_webhook(
        self, call: Call, channel: str, body: NewWebhook
    ) -> Answer[NewWebhookView]:
        """Tell a program elsewhere what happens on a channel.

        The secret that deliveries are signed with is shown in this answer and never again.
        """
        with explained():
            made = await self._webhooks.create(
                channel,
                asker_of(call),
                name=body.name,
                url=body.url,
                kinds=body.events,
                is_enabled=body.is_enabled,
            )
        location = f"/api/v1/channels/{channel}/webhooks/{made.webhook.id}"
        return Answer(new_webhook_view(made), location=location)

    @operation(
        "GET",
        "/channels/{channel}/webhooks/{webhook}",
        tag="webhooks",
        access=USER,
        scope="channels:read",
        has_etag=True,
        problems=REFUSALS,
    )
    async def get_webhook(self, call: Call, channel: str, webhook: str) -> Answer[WebhookView]:
        """Show a webhook."""
        with explained():
            return webhook_answer(await self._webhooks.get(channel, asker_of(call), webhook))

    @operation(
        "PATCH",
        "/channels/{channel}/webhooks/{webhook}",
        tag="webhooks",
        access=USER,
        scope="channels:write",
        edits=True,
        has_etag=True,
        problems=REFUSALS,
        account_throttle=EDITS,
    )
    async def edit_webhook(
        self, call: Call, channel: str, webhook: str, body: WebhookFields
    ) -> Answer[WebhookView]:
        """Change a webhook.

        Switching it off gives up what waits; switching it on forgets that it has failed.
        """
        check = revision_check(call.precondition)
        with explained():
            return webhook_answer(
                await self._webhooks.edit(
                    channel, asker_of(call), webhook, webhook_edit(body), check
                )
            )

    @operation(
        "DELETE",
        "/channels/{channel}/webhooks/{webhook}",
        tag="webhooks",
        access=USER,
        scope="channels:write",
        problems=REFUSALS,
    )
    async def delete_webhook(self, call: Call, channel: str, webhook: str) -> None:
        """Delete a webhook and all that was noted of its deliveries."""
        with explained():
            await self._webhooks.delete(channel, asker_of(call), webhook)

    @operation(
        "POST",
        "/channels/{channel}/webhooks/{webhook}/rotate",
        tag="webhooks",
        access=USER,
        scope="channels:write",
        shows_secret=True,
        problems=REFUSALS,
    )
    async def rotate_webhook(self, call: Call, channel: str, webhook: str) -> NewWebhookView:
        """Sign with a new secret.

        For a day, deliveries are signed with the old one, too, so that receivers can be changed
        without losing any.
        """
        with explained():
            return new_webhook_view(await self._webhooks.rotate(channel, asker_of(call), webhook))

    @operation(
        "POST",
        "/channels/{channel}/webhooks/{webhook}/test",
        tag="webhooks",
        access=USER,
        scope="channels:write",
        status=202,
        problems=REFUSALS,
        account_throttle=SENDINGS,
    )
    async def test_webhook(self, call: Call, channel: str, webhook: str) -> DeliveryView:
        """Send an event `webhook.test`, once, and also to a webhook that is switched off.

        How it went is seen at the delivery that is answered with.
        """
        with explained():
            return delivery_view(await self._deliveries.test(channel, asker_of(call), webhook))

    @operation(
        "GET",
        "/channels/{channel}/webhooks/{webhook}/deliveries",
        tag="webhooks",
        access=USER,
        scope="channels:read",
        problems=REFUSALS,
    )
    async def list_webhook_deliveries(
        self, call: Call, channel: str, webhook: str, query: PageQuery
    ) -> Listing[DeliveryView]:
        """List what was sent to a webhook and what is to be, the newest first.

        Deliveries are kept for some weeks.
        """
        cursor = read_cursor(query, int, str)
        with explained():
            page = await self._deliveries.page(
                channel, asker_of(call), webhook, cursor, query.limit
            )
        return Listing[DeliveryView].of(page, delivery_view)

    @operation(
        "GET",
        "/channels/{channel}/webhooks/{webhook}/deliveries/{delivery}",
        tag="webhooks",
        access=USER,
        scope="channels:read",
        problems=REFUSALS,
    )
    async def get_webhook_delivery(
        self, call: Call, channel: str, webhook: str, delivery: str
    ) -> DeliveryDetailView:
        """Show a delivery with what was sent and how the last answer began."""
        with explained():
            return delivery_detail_view(
                await self._deliveries.get(channel, asker_of(call), webhook, delivery)
            )

    @operation(
        "POST",
        "/channels/{channel}/webhooks/{webhook}/deliveries/{delivery}/replay",
        tag="webhooks",
        access=USER,
        scope="channels:write",
        status=202,
        problems=WRITE_REFUSALS,
        account_throttle=SENDINGS,
    )
    async def replay_webhook_delivery(
        self, call: Call, channel: str, webhook: str, delivery: str
    ) -> DeliveryView:
        """Deliver the same once more, as a new delivery.

        The body and the header `webhook-id` are the same, so that a receiver that has had it knows.
        """
        with explained():
            return delivery_view(
                await self._deliveries.replay(channel, asker_of(call), webhook, delivery)
            )
