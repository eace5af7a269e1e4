"""Webhooks of the whole server: /admin/webhooks."""

from accounts.api.model import Listing, PageQuery
from accounts.api.operation import ADMIN, Answer, Call, operation
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


class ServerWebhooksResource:
    """Makes, shows, changes, tests and deletes webhooks of the server, with their deliveries."""

    def __init__(self, webhooks: Webhooks, deliveries: DeliveryLog) -> None:
        self._webhooks = webhooks
        self._deliveries = deliveries

    @operation(
        "GET",
        "/admin/webhooks",
        tag="webhooks",
        access=ADMIN,
        scope="admin",
        problems=REFUSALS,
    )
    async def list_server_webhooks(self, call: Call) -> Listing[WebhookView]:
        """List the server's webhooks, the oldest first."""
        with explained():
            found = await self._webhooks.of_place(None, asker_of(call))
        return Listing[WebhookView].of(Page(found, None), webhook_view)

    @operation(
        "POST",
        "/admin/webhooks",
        tag="webhooks",
        access=ADMIN,
        scope="admin",
        status=201,
        creates=True,
        shows_secret=True,
        problems=WRITE_REFUSALS,
        account_throttle=NEW_WEBHOOKS,
    )
    async def create_server_webhook(self, call: Call, body: NewWebhook) -> Answer[NewWebhookView]:
        """Tell a program elsewhere what happens on all channels.

        The secret that deliveries are signed with is shown in this answer and never again.
        """
        with explained():
            made = await self._webhooks.create(
                None,
                asker_of(call),
                name=body.name,
                url=body.url,
                kinds=body.events,
                is_enabled=body.is_enabled,
            )
        location = f"/api/v1/admin/webhooks/{made.webhook.id}"
        return Answer(new_webhook_view(made), location=location)

    @operation(
        "GET",
        "/admin/webhooks/{webhook}",
        tag="webhooks",
        access=ADMIN,
        scope="admin",
        has_etag=True,
        problems=REFUSALS,
    )
    async def get_server_webhook(self, call: Call, webhook: str) -> Answer[WebhookView]:
        """Show a webhook."""
        with explained():
            return webhook_answer(await self._webhooks.get(None, asker_of(call), webhook))

    @operation(
        "PATCH",
        "/admin/webhooks/{webhook}",
        tag="webhooks",
        access=ADMIN,
        scope="admin",
        edits=True,
        has_etag=True,
        problems=REFUSALS,
        account_throttle=EDITS,
    )
    async def edit_server_webhook(
        self, call: Call, webhook: str, body: WebhookFields
    ) -> Answer[WebhookView]:
        """Change a webhook.

        Switching it off gives up what waits; switching it on forgets that it has failed.
        """
        check = revision_check(call.precondition)
        with explained():
            return webhook_answer(
                await self._webhooks.edit(None, asker_of(call), webhook, webhook_edit(body), check)
            )

    @operation(
        "DELETE",
        "/admin/webhooks/{webhook}",
        tag="webhooks",
        access=ADMIN,
        scope="admin",
        problems=REFUSALS,
    )
    async def delete_server_webhook(self, call: Call, webhook: str) -> None:
        """Delete a webhook and all that was noted of its deliveries."""
        with explained():
            await self._webhooks.delete(None, asker_of(call), webhook)

    @operation(
        "POST",
        "/admin/webhooks/{webhook}/rotate",
        tag="webhooks",
        access=ADMIN,
        scope="admin",
        shows_secret=True,
        problems=REFUSALS,
    )
    async def rotate_server_webhook(self, call: Call, webhook: str) -> NewWebhookView:
        """Sign with a new secret.

        For a day, deliveries are signed with the old one, too, so that receivers can be changed
        without losing any.
        """
        with explained():
            return new_webhook_view(await self._webhooks.rotate(None, asker_of(call), webhook))

    @operation(
        "POST",
        "/admin/webhooks/{webhook}/test",
        tag="webhooks",
        access=ADMIN,
        scope="admin",
        status=202,
        problems=REFUSALS,
        account_throttle=SENDINGS,
    )
    async def test_server_webhook(self, call: Call, webhook: str) -> DeliveryView:
        """Send an event `webhook.test`, once, and also to a webhook that is switched off.

        How it went is seen at the delivery that is answered with.
        """
        with explained():
            return delivery_view(await self._deliveries.test(None, asker_of(call), webhook))

    @operation(
        "GET",
        "/admin/webhooks/{webhook}/deliveries",
        tag="webhooks",
        access=ADMIN,
        scope="admin",
        problems=REFUSALS,
    )
    async def list_server_webhook_deliveries(
        self, call: Call, webhook: str, query: PageQuery
    ) -> Listing[DeliveryView]:
        """List what was sent to a webhook and what is to be, the newest first.

        Deliveries are kept for some weeks.
        """
        cursor = read_cursor(query, int, str)
        with explained():
            page = await self._deliveries.page(None, asker_of(call), webhook, cursor, query.limit)
        return Listing[DeliveryView].of(page, delivery_view)

    @operation(
        "GET",
        "/admin/webhooks/{webhook}/deliveries/{delivery}",
        tag="webhooks",
        access=ADMIN,
        scope="admin",
        problems=REFUSALS,
    )
    async def get_server_webhook_delivery(
        self, call: Call, webhook: str, delivery: str
    ) -> DeliveryDetailView:
        """Show a delivery with what was sent and how the last answer began."""
        with explained():
            return delivery_detail_view(
                await self._deliveries.get(None, asker_of(call), webhook, delivery)
            )

    @operation(
        "POST",
        "/admin/webhooks/{webhook}/deliveries/{delivery}/replay",
        tag="webhooks",
        access=ADMIN,
        scope="admin",
        status=202,
        problems=WRITE_REFUSALS,
        account_throttle=SENDINGS,
    )
    async def replay_server_webhook_delivery(
        self, call: Call, webhook: str, delivery: str
    ) -> DeliveryView:
        """Deliver the same once more, as a new delivery.

        The body and the header `webhook-id` are the same, so that a receiver that has had it knows.
        """
        with explained():
            return delivery_view(
                await self._deliveries.replay(None, asker_of(call), webhook, delivery)
            )
