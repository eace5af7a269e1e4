"""LiveResponder: answers requests below /live/, the ones that viewers send many times a second."""

import asyncio
from collections.abc import Callable
from typing import Final

from aiohttp import web

from distribution import caching
from distribution.cors import CorsPolicy
from distribution.live.address import (
    Address,
    ManifestAddress,
    MediaAddress,
    MediaKind,
    MultivariantAddress,
    parse_live_path,
)
from distribution.live.deciding import (
    NO_SUCH_URL,
    Answer,
    AwaitGrowth,
    AwaitPart,
    AwaitPosition,
    Decision,
    Refuse,
    ServeGrowing,
    ServeMedia,
    ServePlaylist,
    decide,
)
from distribution.live.growing import GrowingResponse
from distribution.live.responding import respond_media, respond_playlist, respond_refusal
from distribution.live.waiting import BlockedRequests, Waited
from distribution.response import FixedResponse, plain_text
from distribution.response_counters import ResourceKind, ResponseCounters
from packager.live import Publications, PublicationState

_MEDIA_RESOURCES: Final = {kind: ResourceKind(kind.value) for kind in MediaKind}
_AWAITS: Final = (AwaitPosition, AwaitPart, AwaitGrowth)
_TIMED_OUT: Final = Refuse(503, "expected media by now, but none came", caching.NEVER)
_TOO_MANY: Final = Refuse(503, "too many requests wait for media", caching.NEVER)
_STOPPING: Final = Refuse(503, "this server is stopping", caching.NEVER)


class LiveResponder:
    """Decides, waits if that is what was decided, decides again, and responds."""

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
        self._cors = cors
        self._counters = counters
        self._is_draining = is_draining

    async def respond(self, request: web.BaseRequest, path: str, query: str) -> FixedResponse:
        """Answer one request, of any method; `path` begins with `/live/`, as on the wire."""
        cors = self._cors.response_headers(request.headers.get("Origin"))
        address = parse_live_path(path)
        if request.method not in ("GET", "HEAD"):
            response = plain_text(
                405,
                "expected GET or HEAD",
                cache_control=caching.NEVER,
                more_headers=b"Allow: GET, HEAD, OPTIONS\r\n" + cors,
            )
        else:
            decision = (
                NO_SUCH_URL if address is None else await self._decide_in_time(address, query)
            )
            match decision:
                case ServeMedia():
                    response = respond_media(request, decision, cors)
                case ServePlaylist():
                    response = respond_playlist(request, decision, cors)
                case ServeGrowing():
                    response = GrowingResponse(
                        request, decision, self._blocked, self._counters, cors
                    )
                case Refuse():
                    response = respond_refusal(decision, cors)
        self._counters.count(_resource_kind(address), request.method, response)
        return response

    async def _decide_in_time(self, address: Address, query: str) -> Answer:
        decision: Decision = decide(self._publications, address, query)
        if self._is_draining() and self._goes_on_elsewhere(address, decision):
            return _STOPPING
        if not isinstance(decision, _AWAITS):
            return decision
        loop = asyncio.get_running_loop()
        deadline = loop.time() + decision.limit_s
        while isinstance(decision, _AWAITS):
            match await self._blocked.wait(decision, deadline - loop.time()):
                case Waited.REACHED:
                    decision = decide(self._publications, address, query)
                case Waited.TIMED_OUT:
                    return _TIMED_OUT
                case Waited.TOO_MANY:
                    return _TOO_MANY
                case Waited.STOPPING:
                    # The shows end before their viewers are woken: most have an answer by now.
                    decision = decide(self._publications, address, query)
                    if isinstance(decision, _AWAITS):
                        return _STOPPING
        return decision

    def _goes_on_elsewhere(self, address: Address, decision: Decision) -> bool:
        """Whether the next server knows better: what is to come, and any list of what there is.

        Media that is there is given; so is the list of a show that has ended.
        """
        if isinstance(decision, _AWAITS):
            return True
        publication = self._publications.get(address.channel)
        return (
            not isinstance(address, MediaAddress)
            and publication is not None
            and publication.state is not PublicationState.ENDED
        )


def _resource_kind(address: Address | None) -> ResourceKind:
    match address:
        case MediaAddress():
            return _MEDIA_RESOURCES[address.kind]
        case MultivariantAddress():
            return ResourceKind.MULTIVARIANT
        case ManifestAddress():
            return ResourceKind.MANIFEST
        case None:
            return ResourceKind.OTHER_LIVE
        case _:
            return ResourceKind.PLAYLIST
