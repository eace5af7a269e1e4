"""Web Push: /push/key and /me/push-subscriptions."""

from pydantic import Field

from accounts.api.model import ApiModel, Listing, UtcTime
from accounts.api.operation import ANYBODY, USER, Call, operation
from accounts.api.problem import NOT_FOUND
from accounts.api.resources.channel_problems import explained
from accounts.api.throttle import Throttle
from accounts.outbound.target import URL_CHARACTERS
from accounts.push.subscriptions import OfferedSubscription, PushSubscription, Subscriptions
from accounts.storage import Page
from accounts.storage.ids import is_id

_SUBSCRIBING = Throttle("push-subscriptions", burst=20, per_minute=10)


class PushKeyView(ApiModel):
    """What a browser subscribes with."""

    public_key: str = Field(description="For `applicationServerKey`, in base64url (RFC 8292).")


class PushKeys(ApiModel):
    """How alerts are encrypted for one browser (RFC 8291)."""

    p256dh: str = Field(alias="p256dh", min_length=1, max_length=120)
    auth: str = Field(min_length=1, max_length=40)


class NewPushSubscription(ApiModel):
    """What a browser's `PushSubscription.toJSON()` returns."""

    endpoint: str = Field(min_length=1, max_length=URL_CHARACTERS)
    expiration_time: float | None = None
    keys: PushKeys


class PushSubscriptionView(ApiModel):
    """A browser that gets alerts."""

    id: str
    browser: str = Field(description='Such as "Firefox on Linux".')
    service: str = Field(description="The host that its alerts go through.")
    created_at: UtcTime
    last_used_at: UtcTime | None = Field(description="When an alert was last sent; null if never.")


class PushSubscriptionsResource:
    """Shows the server's key; takes, lists and forgets browsers."""

    def __init__(self, subscriptions: Subscriptions, public_key: str) -> None:
        self._subscriptions = subscriptions
        self._public_key = public_key

    @operation("GET", "/push/key", tag="notifications", access=ANYBODY)
    async def get_push_key(self, call: Call) -> PushKeyView:  # noqa: ARG002 - everybody's
        """Show the key that browsers subscribe with."""
        return PushKeyView(public_key=self._public_key)

    @operation(
        "GET",
        "/me/push-subscriptions",
        tag="notifications",
        access=USER,
        scope="notifications:read",
    )
    async def list_push_subscriptions(self, call: Call) -> Listing[PushSubscriptionView]:
        """List the browsers that get the caller's alerts, the one that was used last first."""
        found = await self._subscriptions.of_account(call.account_id)
        return Listing[PushSubscriptionView].of(Page(found, None), _view)

    @operation(
        "POST",
        "/me/push-subscriptions",
        tag="notifications",
        access=USER,
        scope="notifications:write",
        status=201,
        creates=True,
        throttle=_SUBSCRIBING,
    )
    async def create_push_subscription(
        self, call: Call, body: NewPushSubscription
    ) -> PushSubscriptionView:
        """Send alerts to the browser that asks.

        It gets them until the log-in that asks is ended. A browser that is known already is the
        caller's from now on. There may be ten, unless set
        otherwise: the one that was unused longest makes room.
        """
        offered = OfferedSubscription(
            endpoint=body.endpoint,
            p256dh=body.keys.p256dh,
            auth=body.keys.auth,
            user_agent=call.user_agent,
        )
        with explained():
            made = await self._subscriptions.put(call.account_id, offered, call.caller.session_id)
        return _view(made)

    @operation(
        "DELETE",
        "/me/push-subscriptions/{subscription}",
        tag="notifications",
        access=USER,
        scope="notifications:write",
        problems=(NOT_FOUND,),
    )
    async def delete_push_subscription(self, call: Call, subscription: str) -> None:
        """Send no alerts to a browser any more."""
        if not is_id(subscription, "psb") or not await self._subscriptions.delete(
            call.account_id, subscription
        ):
            raise NOT_FOUND.because("You have no such browser.")


def _view(subscription: PushSubscription) -> PushSubscriptionView:
    return PushSubscriptionView(
        id=subscription.id,
        browser=subscription.browser,
        service=subscription.service,
        created_at=subscription.created_at_ms,
        last_used_at=subscription.used_at_ms,
    )
