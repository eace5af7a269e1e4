"""The way onto a channel: permission, the channel itself, and a sink for the media."""

import asyncio
from collections.abc import Callable

import structlog

from ingest.ports import Grant, MediaSink, NoRoomError, PublishAttempt, Refusal, RefusalCode
from ingest.publisher.on_air import Claim
from ingest.publisher.publisher import Publisher
from ingest.publisher.surroundings import Surroundings
from ingest.rtmp import StatusCode

_log: structlog.stdlib.BoundLogger = structlog.get_logger("ingest.publisher")

_BUSY = Refusal(
    RefusalCode.CHANNEL_BUSY, "Somebody else is publishing to this channel at the moment."
)
_OUTDATED = Refusal(
    RefusalCode.CHANNEL_BUSY, "A newer connection publishes with the same key already."
)
_FULL = Refusal(
    RefusalCode.SERVER_FULL, "The server has no room for another channel. Try again later."
)
_UNAVAILABLE = Refusal(
    RefusalCode.UNAVAILABLE, "The server cannot take a publisher at the moment. Try again soon."
)

_STATUS = {
    RefusalCode.UNKNOWN_KEY: StatusCode.DENIED,
    RefusalCode.KEY_EXPIRED: StatusCode.DENIED,
    RefusalCode.KEY_USED_UP: StatusCode.DENIED,
    RefusalCode.CHANNEL_CLOSED: StatusCode.DENIED,
    RefusalCode.CHANNEL_BUSY: StatusCode.BAD_NAME,
    RefusalCode.SERVER_FULL: StatusCode.DENIED,
    RefusalCode.TOO_MANY: StatusCode.DENIED,
    RefusalCode.UNAVAILABLE: StatusCode.FAILED,
}


def status_of(refusal: Refusal) -> StatusCode:
    """Return the status by which an encoder hears of a refusal."""
    return _STATUS[refusal.code]


async def let_in(
    surroundings: Surroundings,
    attempt: PublishAttempt,
    publisher_id: int,
    give_way: Callable[[], None],
) -> Publisher | Refusal:
    """Decide on an attempt and put the publisher on air if it may be there.

    An older publisher with the same principal has given way when this returns. There is no await
    between permission and the open sink: a cancelled attempt leaves nothing behind.
    """
    decision = await _ask(surroundings, attempt)
    if isinstance(decision, Refusal):
        return decision
    match surroundings.on_air.claim(decision, publisher_id, give_way):
        case Claim.BUSY:
            return _BUSY
        case Claim.OUTDATED:
            return _OUTDATED
    now = surroundings.loop.time()
    sink = _open_sink(surroundings, decision, now)
    if isinstance(sink, Refusal):
        surroundings.on_air.release(decision.channel, publisher_id)
        return sink
    return Publisher(
        publisher_id=publisher_id,
        attempt=attempt,
        channel=decision.channel,
        sink=sink,
        emit=surroundings.emit,
        now=now,
        is_measured=surroundings.is_measured,
    )


async def _ask(surroundings: Surroundings, attempt: PublishAttempt) -> Grant | Refusal:
    try:
        async with asyncio.timeout(surroundings.settings.authorization_timeout_s):
            return await surroundings.authorizer.authorize_publish(attempt)
    except TimeoutError:
        _log.error("authorization timed out", remote_host=attempt.remote_host)
    except Exception:  # noqa: BLE001 - an authorizer's fault ends one attempt
        _log.exception("authorization failed", remote_host=attempt.remote_host)
    return _UNAVAILABLE


def _open_sink(surroundings: Surroundings, grant: Grant, now: float) -> MediaSink | Refusal:
    try:
        return surroundings.gateway.open_sink(grant, now)
    except NoRoomError:
        return _FULL
    except Exception:  # noqa: BLE001 - a gateway's fault ends one attempt
        _log.exception("sink not opened", channel=grant.channel)
        return _UNAVAILABLE
