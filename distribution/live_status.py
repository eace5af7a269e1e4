"""The status API: what is live, for the web UI and for programs."""

from typing import Literal

from aiohttp import web
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from distribution import caching
from distribution.channel_name import is_channel_name
from distribution.clock import unix_ms_now, utc_text
from distribution.cors import CorsPolicy
from distribution.ports import View, ViewerAuthorizer
from distribution.response import json_answer, plain_text
from packager.live import Publication, Publications, PublicationState, Rendition

ChannelState = Literal["starting", "live", "interrupted", "ended", "offline"]


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)


class TrackStatus(_Answer):
    """One rendition as a viewer may choose it; what does not apply to its kind is null."""

    name: str
    kind: Literal["video", "audio"]
    codec: str
    width: int | None = None
    height: int | None = None
    frame_rate: float | None = None
    sample_rate_hz: int | None = None
    channel_count: int | None = None


class ChannelStatus(_Answer):
    """A channel at `server_time`: by the show's clock, while there is one.

    `revision` changes when the set of tracks does. `playlist` (HLS) and `manifest` (DASH) are null
    until players can start.
    """

    channel: str
    state: ChannelState
    started_at: str | None = None
    revision: int = 0
    playlist: str | None = None
    manifest: str | None = None
    part_target_ms: int | None = None
    target_duration_s: int | None = None
    server_time: str
    tracks: tuple[TrackStatus, ...] = ()


class LiveStatus(_Answer):
    """All channels that are on air."""

    channels: tuple[ChannelStatus, ...]


class LiveStatusApi:
    """Serves `/api/v1/live` and `/api/v1/live/{channel}`, with a token before it if need be.

    Who may not watch a channel is told what is told of one that is off air.
    """

    def __init__(
        self, publications: Publications, cors: CorsPolicy, viewers: ViewerAuthorizer
    ) -> None:
        self._publications = publications
        self._cors = cors
        self._viewers = viewers

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Serve both."""
        router.add_get("/api/v1/live", self._respond_all)
        router.add_get("/api/v1/live/{channel}", self._respond_one)
        router.add_get("/api/v1/live/~{token}/{channel}", self._respond_one)

    async def _respond_all(self, request: web.Request) -> web.StreamResponse:
        channels = tuple(
            describe_publication(publication)
            for publication in self._publications.live()
            if self._viewers.is_listed(publication.channel)
        )
        return self._json(request, LiveStatus(channels=channels))

    async def _respond_one(self, request: web.Request) -> web.StreamResponse:
        channel = request.match_info["channel"]
        if not is_channel_name(channel):
            return plain_text(
                404,
                "expected a channel name: 1 to 64 letters, digits, _ and -",
                cache_control=caching.NOT_FOUND,
                more_headers=self._cors.response_headers(request.headers.get("Origin")),
            )
        token = request.match_info.get("token")
        publication = self._publications.get(channel)
        view = self._viewers.authorize_view(channel, token)
        if publication is None or view not in {View.SHARED, View.PERSONAL}:
            server_time = utc_text(unix_ms_now())
            status = ChannelStatus(channel=channel, state="offline", server_time=server_time)
        else:
            status = describe_publication(publication, token)
        return self._json(request, status)

    def _json(self, request: web.Request, answer: BaseModel) -> web.StreamResponse:
        return json_answer(answer, self._cors.response_headers(request.headers.get("Origin")))


def describe_publication(publication: Publication, token: str | None = None) -> ChannelStatus:
    """Say in public terms what a Publication is at this moment, to whoever came with a token."""
    cadence = publication.cadence
    folder = f"/live/{'' if token is None else f'~{token}/'}{publication.channel}"
    return ChannelStatus(
        channel=publication.channel,
        state=_state(publication),
        started_at=utc_text(publication.started_unix_ms),
        revision=publication.revision,
        playlist=f"{folder}/index.m3u8" if publication.revision else None,
        manifest=f"{folder}/manifest.mpd" if publication.revision else None,
        part_target_ms=None if cadence is None else cadence.part_target_ms,
        target_duration_s=None if cadence is None else cadence.target_duration_s,
        server_time=utc_text(publication.clock.unix_ms()),
        tracks=tuple(map(_describe_rendition, publication.renditions.values())),
    )


def _state(publication: Publication) -> ChannelState:
    # The encoder said goodbye: for viewers that is the end, though it may come back for a while.
    if publication.state is PublicationState.INTERRUPTED and publication.is_stopped:
        return "ended"
    match publication.state:
        case PublicationState.STARTING:
            return "starting"
        case PublicationState.LIVE:
            return "live"
        case PublicationState.INTERRUPTED:
            return "interrupted"
        case PublicationState.ENDED:
            return "ended"


def _describe_rendition(rendition: Rendition) -> TrackStatus:
    track = rendition.track
    if track.video is not None:
        video = track.video
        return TrackStatus(
            name=rendition.name,
            kind="video",
            codec=track.codec.value,
            width=video.width_px,
            height=video.height_px,
            frame_rate=None if video.frame_rate is None else round(float(video.frame_rate), 3),
        )
    return TrackStatus(
        name=rendition.name,
        kind="audio",
        codec=track.codec.value,
        sample_rate_hz=None if track.audio is None else track.audio.sample_rate_hz,
        channel_count=None if track.audio is None else track.audio.channel_count,
    )
