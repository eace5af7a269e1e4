"""LiveResponder: answers requests below /live/, which viewers send many times a second."""

import asyncio
from collections.abc import Callable
from typing import Final, NamedTuple

import structlog

from distribution import caching
from distribution.cors import CorsPolicy
from distribution.live.address import MediaAddress
from distribution.live.deciding import (
    NO_SUCH_URL,
    Await,
    Decision,
    Refuse,
    ServeGrowing,
    ServeMedia,
    ServeNothing,
    ServePlaylist,
    decide,
)
from distribution.live.growing import GrowingResponse
from distribution.live.outlet import Outlet
from distribution.live.responding import (
    SharedResponse,
    growing_reply,
    media_reply,
    nothing_reply,
    playlist_reply,
    refusal_reply,
    shared_playlist,
)
from distribution.live.target import LiveTarget
from distribution.live.waiting import BlockedRequests, Wait, Waited
from distribution.reply import Reply, plain_text_reply
from distribution.request_head import Fields
from distribution.response_counters import ResponseCounters
from packager.live import Publications, PublicationState

_log: structlog.stdlib.BoundLogger = structlog.get_logger("distribution")

_STOPPING: Final = Refuse(503, "this server is stopping", caching.NEVER)
_REFUSALS: Final = {
    Waited.REACHED: Refuse(503, "expected media by now, but none came", caching.NEVER),
    Waited.TIMED_OUT: Refuse(503, "expected media by now, but none came", caching.NEVER),
    Waited.TOO_MANY: Refuse(503, "too many requests wait for media", caching.NEVER),
    Waited.STOPPING: _STOPPING,
}

# A whole response, or the beginning of one that grows, and what.
_Prepared = SharedResponse | Reply | tuple[Reply, ServeGrowing]


class LiveRequest(NamedTuple):
    """One request; `cors` is what any response to its origin has."""

    target: LiveTarget
    fields: Fields
    cors: bytes


class LiveResponder:
    """Decides, waits if that is what was decided, decides again, and responds.

    Without a task: who waits is a Wait, and all else is done when it is asked for.
    """

    def __init__(
        self,
        publications: Publications,
        blocked: BlockedRequests,
        cors: CorsPolicy,
        counters: ResponseCounters,
        is_draining: Callable[[], bool],
    ) -> None:
        self._publications = publications
        self._blocked = blocked
        self._counters = counters
        self._is_draining = is_draining
        self._response_headers = cors.response_headers
        self._preflight_headers = cors.preflight_headers

    def respond(self, target: LiveTarget, fields: Fields, outlet: Outlet) -> None:
        """Answer a GET, HEAD or OPTIONS through the outlet, now or later."""
        request = LiveRequest(target, fields, self._response_headers(fields.origin))
        try:
            prepared = self._prepare(request, self._decide_first(target))
        except Exception:  # noqa: BLE001 - the one place where nothing may pass
            prepared = self._explain_fault(request)
        if isinstance(prepared, Await):
            deadline_s = asyncio.get_running_loop().time() + prepared.limit_s
            self._wait(_BlockedResponse(self, request, outlet, deadline_s), prepared)
        else:
            self._send(request, outlet, prepared)

    def respond_after(self, blocked: "_BlockedResponse", waited: Waited) -> None:
        """Answer a request that has waited, or let it wait on until its deadline."""
        request = blocked.request
        try:
            # The shows end before their viewers are woken: most have an answer by now.
            prepared = self._prepare(request, self._decide(request.target))
            if isinstance(prepared, Await) and waited is not Waited.REACHED:
                prepared = self._prepare(request, _REFUSALS[waited])
        except Exception:  # noqa: BLE001 - see respond
            prepared = self._explain_fault(request)
        if isinstance(prepared, Await):
            self._wait(blocked, prepared)
        else:
            self._send(request, blocked.outlet, prepared)

    def _decide_first(self, target: LiveTarget) -> Decision:
        decision = self._decide(target)
        if self._is_draining() and self._goes_on_elsewhere(target, decision):
            return _STOPPING
        return decision

    def _decide(self, target: LiveTarget) -> Decision:
        if target.address is None:
            return NO_SUCH_URL
        return decide(self._publications, target.address, target.query)

    def _goes_on_elsewhere(self, target: LiveTarget, decision: Decision) -> bool:
        """Whether the next server knows better: what is to come, and any list of what there is.

        Media that is there is given; so is the list of a show that has ended.
        """
        if isinstance(decision, Await):
            return True
        if target.address is None or isinstance(target.address, MediaAddress):
            return False
        publication = self._publications.get(target.address.channel)
        return publication is not None and publication.state is not PublicationState.ENDED

    def _prepare(self, request: LiveRequest, decision: Decision) -> _Prepared | Await:
        """Make all that can go wrong before the first byte is sent."""
        target, fields, cors = request
        if target.method == "OPTIONS":
            return Reply(204, self._preflight_headers(fields.origin), (), None)
        match decision:
            case ServePlaylist():
                if target.method == "GET" and not self._is_last(request):
                    return shared_playlist(decision, cors, is_gzipped=fields.accepts_gzip)
                return playlist_reply(decision, cors, is_gzipped=fields.accepts_gzip)
            case ServeMedia():
                # "Range [...] is only defined for GET" (RFC 9110, 14.2)
                asked_range = fields.range if target.method == "GET" else None
                return media_reply(decision, cors, asked_range)
            case ServeGrowing():
                reply = growing_reply(decision, cors, is_chunked=target.is_http_1_1)
                return reply if target.method == "HEAD" else (reply, decision)
            case ServeNothing():
                return nothing_reply(decision, cors)
            case Refuse():
                return refusal_reply(decision, cors)
            case Await():
                return decision

    def _explain_fault(self, request: LiveRequest) -> Reply:
        _log.exception("request failed", method=request.target.method, kind=request.target.kind)
        text = "something went wrong here"
        return plain_text_reply(500, text, cache_control=caching.NEVER, more_headers=request.cors)

    def _wait(self, blocked: "_BlockedResponse", decision: Await) -> None:
        wait = self._blocked.begin(decision, blocked.deadline_s, blocked.end_wait)
        if isinstance(wait, Wait):
            blocked.wait = wait
            blocked.outlet.hold(blocked)
        else:
            refusal = refusal_reply(_REFUSALS[wait], blocked.request.cors)
            self._send(blocked.request, blocked.outlet, refusal)

    def _send(self, request: LiveRequest, outlet: Outlet, prepared: _Prepared) -> None:
        transport = outlet.transport
        if transport is None or transport.is_closing():
            return
        target, counters = request.target, self._counters
        if isinstance(prepared, SharedResponse):
            counters.count_whole(target.kind, prepared.body_bytes)
            transport.write(prepared.whole)
            outlet.end_response(is_last=False)
            return
        reply, growing = (prepared, None) if isinstance(prepared, Reply) else prepared
        if target.method != "OPTIONS":
            counters.count(target.kind, target.method, reply)
        is_last = self._is_last(request)
        reply.write(transport, is_head=target.method == "HEAD", is_last=is_last)
        if growing is None:
            outlet.end_response(is_last=is_last)
            return
        body = GrowingResponse(
            growing,
            outlet,
            self._blocked,
            counters,
            is_chunked=target.is_http_1_1,
            is_last=is_last,
        )
        outlet.hold(body)
        body.go_on()

    def _is_last(self, request: LiveRequest) -> bool:
        # Readers of HTTP/1.0 are mostly proxies, which ask for an end of the connection anyway.
        return request.fields.wants_close or not request.target.is_http_1_1 or self._is_draining()


class _BlockedResponse:
    """A request that waits, to be answered when its wait ends."""

    __slots__ = ("_responder", "deadline_s", "outlet", "request", "wait")

    def __init__(
        self, responder: LiveResponder, request: LiveRequest, outlet: Outlet, deadline_s: float
    ) -> None:
        self._responder = responder
        self.request = request
        self.outlet = outlet
        self.deadline_s = deadline_s
        self.wait: Wait | None = None

    def end_wait(self, waited: Waited) -> None:
        self._responder.respond_after(self, waited)

    def go_on(self) -> None:
        """Nothing was sent yet."""

    def cancel(self) -> None:
        """Give the place back."""
        if self.wait is not None:
            self.wait.leave()
