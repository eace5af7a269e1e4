"""Unsubscribing from mails: /unsubscribe/{token}."""

from pydantic import Field

from accounts.api.model import ApiModel
from accounts.api.operation import ANYBODY, Call, operation
from accounts.api.problem import NOT_FOUND
from accounts.api.throttle import Throttle
from accounts.mail_alerts.unsubscribing import MailStanding, Unsubscribing

_ASKING = Throttle("unsubscribing", burst=30, per_minute=30)
# RFC 8058, 3.2: the body is "List-Unsubscribe=One-Click", as one of these.
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class MailStandingView(ApiModel):
    """Whether alerts are mailed."""

    is_subscribed: bool = Field(description="Whether anything is mailed to this account.")


class UnsubscribingResource:
    """Ends mails for whoever has the link of one; nobody signs in for it."""

    def __init__(self, unsubscribing: Unsubscribing) -> None:
        self._unsubscribing = unsubscribing

    @operation(
        "GET",
        "/unsubscribe/{token}",
        tag="notifications",
        access=ANYBODY,
        problems=(NOT_FOUND,),
        throttle=_ASKING,
    )
    async def get_mail_standing(
        self,
        call: Call,  # noqa: ARG002 - the token says who
        token: str,
    ) -> MailStandingView:
        """Show whether alerts are mailed to whom a link was sent to.

        It changes nothing: programs that look at the links in mails ask this way.
        """
        return _view(await self._unsubscribing.standing(token))

    @operation(
        "POST",
        "/unsubscribe/{token}",
        tag="notifications",
        access=ANYBODY,
        raw_body=_FORMS,
        problems=(NOT_FOUND,),
        throttle=_ASKING,
    )
    async def unsubscribe(
        self,
        call: Call,  # noqa: ARG002 - the token says who
        token: str,
    ) -> MailStandingView:
        """Mail no alerts any more, of no channel.

        This is what the header List-Unsubscribe of each such mail leads to (RFC 8058).
        """
        return _view(await self._unsubscribing.end(token))


def _view(standing: MailStanding | None) -> MailStandingView:
    if standing is None:
        raise NOT_FOUND.because("This link is of no mail that was sent here.")
    return MailStandingView(is_subscribed=standing.is_mailed)
