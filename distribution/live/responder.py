"""LiveResponder: answers requests below /live/, which viewers send many times a second."""

import asyncio
from typing import Final

import structlog

from distribution import caching
from distribution.cmcd_text import CmcdText
from distribution.cors import CorsPolicy
from distribution.live.address import MediaAddress, PlaylistAddress
from distribution.live.deciding import (
    LEAVE_OVER,
    NO_SUCH_URL,
    NOT_LIVE,
    Await,
    Decision,
    Refuse,
    ServeGrowing,
    ServeMedia,
    ServeNothing,
    ServePlaylist,
    ServeTime,
    decide,
    decide_report,
    find_rendition,
)
from distribution.live.growing import GrowingResponse
from distribution.live.outlet import Outlet
from distribution.live.presence import note_presence
from distribution.live.responding import (
    SharedResponse,
    first_playlist_reply,
    growing_reply,
    media_reply,
    nothing_reply,
    playlist_reply,
    refusal_reply,
    time_reply,
)
from distribution.live.target import LiveTarget
from distribution.live.waiting import Blocked, BlockedRequests, Waited
from distribution.ports import Audience, PlayerListener, Seat, View, ViewerAuthorizer
from distribution.reply import Reply, date_line
from distribution.request_head import Fields
from distribution.response_counters import ResponseCounters
from packager.live import Publications, PublicationState

_log: structlog.stdlib.BoundLogger = structlog.get_logger("distribution")

_FAILED: Final = Refuse(500, "something went wrong here", caching.NEVER)
_STOPPING: Final = Refuse(503, "this server is stopping", caching.NEVER)
_REFUSALS: Final = {
    Waited.TIMED_OUT: Refuse(503, "expected media by now, but none came", caching.NEVER),
    Waited.TOO_MANY: Refuse(503, "too many requests wait for media", caching.NEVER),
    Waited.STOPPING: _STOPPING,
}
# Players at the live edge send a few; anybody can make up others.
_REMEMBERED_ANSWERS: Final = 32

# Of who gets something else it is not said that he watches.
_TAKEN: Final = frozenset({200, 206})

# Looked up for each response.
_SHARED: Final = View.SHARED
_PERSONAL: Final = View.PERSONAL

# A whole response, what to wait for, or the beginning of a response that grows and what of.
_Answer = SharedResponse | Reply | Await | tuple[Reply, ServeGrowing]


class LiveResponder:
    """Decides, waits if that is what was decided, decides again, and responds.

    Without a task: who waits is a Blocked, and all else is done when it is asked for. While
    `is_draining` viewers are sent to the next server. `turns` says when a request may be answered
    that has just come.
    """

    def __init__(
        self,
        publications: Publications,
        blocked: BlockedRequests,
        cors: CorsPolicy,
        counters: ResponseCounters,
        viewers: ViewerAuthorizer,
        *,
        listener: PlayerListener | None = None,
        audience: Audience | None = None,
    ) -> None:
        self._publications = publications
        self._audience = audience
        self._listener = listener
        self._viewers = viewers
        self._blocked = blocked
        self._cors = cors
        self._counters = counters
        self.turns = blocked.turns
        self.is_draining = False

    def seat(self, peer: str) -> Seat | None:
        """Return where to note who watches on a connection from this address."""
        return None if self._audience is None else self._audience.seat(peer)

    def respond(
        self,
        target: LiveTarget,
        fields: Fields,
        outlet: Outlet,
        blocked: "_BlockedResponse | None" = None,
        cmcd: CmcdText | None = None,
    ) -> None:
        """Answer a GET, HEAD or OPTIONS through the outlet, now or later.

        `blocked` is the same request, if it has waited and may wait on until its deadline. `cmcd`
        is what the player said with it, when it comes for the first time.
        """
        shared, address = target.shared, target.address
        refusal = None if address is None else self._refusal(address.channel, target)
        if cmcd is not None and refusal is None:
            channel, listener = target.heard_channel, self._listener
            if channel is not None and listener is not None:
                listener.note_cmcd(channel, cmcd, outlet.peer_address)
        if (
            shared is None
            or refusal is not None
            or fields.range is not None
            or fields.wants_close
            or self.is_draining
        ):
            seat = outlet.seat
            shown = None if seat is None else seat.sid
            answer = self._prepare(target, fields, refusal, is_first=blocked is None, shown=shown)
        else:
            answer = self._recall(shared, target, fields)
        self._give(target, fields, outlet, answer, blocked)

    def respond_late(self, blocked: "_BlockedResponse", waited: Waited) -> None:
        """Answer a request that has waited and may not wait on."""
        target, fields, outlet = blocked.target, blocked.fields, blocked.outlet
        # The shows end before their viewers are woken: most have an answer by now.
        address = target.address
        refusal = None if address is None else self._refusal(address.channel, target)
        answer = self._prepare(target, fields, refusal)
        if isinstance(answer, Await):
            answer = refusal_reply(_REFUSALS[waited], self._cors.response_headers(fields.origin))
        self._give(target, fields, outlet, answer)

    def _recall(
        self, address: PlaylistAddress | MediaAddress, target: LiveTarget, fields: Fields
    ) -> _Answer:
        """Give who may watch what others were given; a thousand ask the same within a moment."""
        rendition = find_rendition(self._publications, address)
        if rendition is None:
            return self._prepare(target, fields, None)
        key = (target.name, fields.accepts_gzip, fields.origin)
        known = rendition.answers.get(key)
        if isinstance(known, Await) or (
            isinstance(known, SharedResponse) and known.date is date_line()
        ):
            return known
        answer = self._prepare(target, fields, None)
        if isinstance(answer, Reply) and answer.status == 200:
            tally = self._counters.tallies[target.kind]
            answer = SharedResponse(answer, date_line(), tally, rendition.outflow)
        if isinstance(answer, SharedResponse | Await) and (
            known is not None or len(rendition.answers) < _REMEMBERED_ANSWERS
        ):
            rendition.answers[key] = answer
        return answer

    def _prepare(
        self,
        target: LiveTarget,
        fields: Fields,
        refusal: Refuse | None,
        *,
        is_first: bool = False,
        shown: bytes | None = None,
    ) -> _Answer:
        """Do all that can go wrong before the first byte is sent.

        `refusal` is what `_refusal` said, `shown` the session in the request. What somebody gets
        who has shown a token is for no cache but their own.
        """
        answer = self._prepare_shared(target, fields, refusal, is_first=is_first, shown=shown)
        if target.token is None or isinstance(answer, Await):
            return answer
        if isinstance(answer, Reply):
            return answer.made_private()
        reply, growing = answer
        return reply.made_private(), growing

    def _prepare_shared(
        self,
        target: LiveTarget,
        fields: Fields,
        refusal: Refuse | None,
        *,
        is_first: bool,
        shown: bytes | None,
    ) -> Reply | tuple[Reply, ServeGrowing] | Await:
        cors = self._cors.response_headers(fields.origin)
        try:
            if target.method == "OPTIONS":
                return Reply(204, self._cors.preflight_headers(fields.origin), (), None)
            decision = refusal or self._decide(target)
            if is_first and self.is_draining and self._goes_on_elsewhere(target, decision):
                decision = _STOPPING
            match decision:
                case ServePlaylist():
                    if decision.is_first and self._audience and target.address:
                        session = self._audience.session_for(target.address.channel, shown)
                        return first_playlist_reply(decision, cors, session)
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
                case ServeTime():
                    return time_reply(decision, cors)
                case Refuse():
                    return refusal_reply(decision, cors)
                case Await():
                    return decision
        except Exception:  # noqa: BLE001 - the one place where nothing may pass
            _log.exception("request failed", method=target.method, kind=target.kind)
            return refusal_reply(_FAILED, cors)

    def _decide(self, target: LiveTarget) -> Decision:
        if target.address is None:
            return NO_SUCH_URL
        if target.is_report:
            return decide_report(self._publications, target.address)
        return decide(self._publications, target.address, target.query)

    def _refusal(self, channel: str, target: LiveTarget) -> Refuse | None:
        """Say why the viewer gets nothing of this channel; None if it may watch.

        Asked once for each answer: it may have become another one while a request waited.
        """
        try:
            view = self._viewers.authorize_view(channel, target.token)
        except Exception:  # noqa: BLE001 - as in `_prepare_shared`
            _log.exception("request failed", method=target.method, kind=target.kind)
            return _FAILED
        if view is _SHARED or view is _PERSONAL:
            return None
        return LEAVE_OVER if view is View.OVER else NOT_LIVE

    def _goes_on_elsewhere(self, target: LiveTarget, decision: Decision) -> bool:
        """Whether the next server knows better: what is to come, and any list of what there is.

        Media that is there is given; so is the list of a show that has ended.
        """
        if isinstance(decision, Await):
            return True
        if target.address is None or isinstance(target.address, MediaAddress):
            return False
        if decision is NOT_LIVE or decision is LEAVE_OVER:
            return False
        publication = self._publications.get(target.address.channel)
        return publication is not None and publication.state is not PublicationState.ENDED

    def _give(
        self,
        target: LiveTarget,
        fields: Fields,
        outlet: Outlet,
        answer: _Answer,
        blocked: "_BlockedResponse | None" = None,
    ) -> None:
        seat = outlet.seat
        if seat is not None and (
            not isinstance(answer, Reply)
            or answer.status in _TAKEN
            or (target.is_report and answer.status == 204)
        ):
            note_presence(target, fields, seat)
        if isinstance(answer, SharedResponse):
            self._send_shared(answer, outlet)
        elif isinstance(answer, Await):
            if blocked is None:
                blocked = _BlockedResponse(self._blocked, outlet, self, target, fields)
                blocked.deadline_s = asyncio.get_running_loop().time() + answer.limit_s
            turned_away = self._blocked.begin(blocked, answer)
            if turned_away is None:
                outlet.hold(blocked)
            else:
                self.respond_late(blocked, turned_away)
        elif isinstance(answer, Reply):
            self._send(target, fields, outlet, answer)
        else:
            self._send_growing(target, fields, outlet, *answer)

    def _send_shared(self, shared: SharedResponse, outlet: Outlet) -> None:
        transport = outlet.transport
        if transport is not None and not transport.is_closing():
            shared.send(transport)
            outlet.end_response(is_last=False)

    def _send(self, target: LiveTarget, fields: Fields, outlet: Outlet, reply: Reply) -> None:
        transport = outlet.transport
        if transport is not None and not transport.is_closing():
            is_last = self._is_last(target, fields)
            self._count(target, reply)
            reply.write(transport, is_head=target.method == "HEAD", is_last=is_last)
            outlet.end_response(is_last=is_last)

    def _send_growing(
        self, target: LiveTarget, fields: Fields, outlet: Outlet, reply: Reply, of: ServeGrowing
    ) -> None:
        transport = outlet.transport
        if transport is not None and not transport.is_closing():
            is_last = self._is_last(target, fields)
            self._count(target, reply)
            reply.write(transport, is_head=False, is_last=is_last)
            growing = GrowingResponse(
                self._blocked,
                outlet,
                of,
                self._counters.tallies[target.kind],
                is_chunked=target.is_http_1_1,
                is_last=is_last,
            )
            outlet.hold(growing)
            growing.go_on()

    def _count(self, target: LiveTarget, reply: Reply) -> None:
        if target.method == "OPTIONS":
            return
        self._counters.count(target.kind, target.method, reply)
        if target.shared is not None and reply.length:
            rendition = find_rendition(self._publications, target.shared)
            if rendition is not None:
                rendition.outflow.body_bytes += reply.length

    def _is_last(self, target: LiveTarget, fields: Fields) -> bool:
        # Readers of HTTP/1.0 are mostly proxies, which ask for an end of the connection anyway.
        return fields.wants_close or not target.is_http_1_1 or self.is_draining


class _BlockedResponse(Blocked):
    """A request that waits to be answered."""

    __slots__ = ("_responder", "fields", "target")

    def __init__(
        self,
        among: BlockedRequests,
        outlet: Outlet,
        responder: LiveResponder,
        target: LiveTarget,
        fields: Fields,
    ) -> None:
        super().__init__(among, outlet)
        self._responder = responder
        self.target = target
        self.fields = fields

    def end_wait(self, waited: Waited) -> None:
        """Decide once more."""
        if waited is Waited.REACHED:
            self._responder.respond(self.target, self.fields, self.outlet, self)
        else:
            self._responder.respond_late(self, waited)

    def go_on(self) -> None:
        """Nothing was sent yet."""

    def cancel(self) -> None:
        """Give the place back."""
        if self.leave() and self.outlet.seat is not None:
            self.outlet.seat.hang_up()
