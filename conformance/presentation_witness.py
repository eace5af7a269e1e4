"""PresentationWitness: the renditions of one multivariant playlist, held against one another."""

from collections.abc import Mapping
from urllib.parse import urljoin

from conformance.checks.presentation import (
    SegmentSpan,
    check_rendition_reports,
    check_same_control,
    check_spans,
)
from conformance.checks.variants import (
    SegmentWeight,
    check_alternative,
    check_bandwidth,
    check_codecs,
    check_frame_rate,
)
from conformance.finding import Finding
from conformance.media_witness import MediaWitness
from conformance.playlist import MediaPlaylist, MultivariantPlaylist, Variant


class PresentationWitness:
    """Knows the newest playlist and the media of every rendition, by absolute URL. Pure.

    `is_single` says that there is no multivariant playlist, only a media playlist at `url`: then
    nothing was declared that the media could be held against.
    """

    def __init__(
        self, url: str, multivariant: MultivariantPlaylist, *, is_single: bool = False
    ) -> None:
        self.url = url
        self._is_single = is_single
        self.multivariant = multivariant
        self._playlists: dict[str, MediaPlaylist] = {}
        self._positions: dict[str, tuple[float, tuple[int, int]]] = {}
        self._media: dict[str, MediaWitness] = {}
        self._compared_msn = 0

    def rendition_urls(self) -> tuple[str, ...]:
        """List the absolute URLs of all media playlists."""
        return tuple(urljoin(self.url, uri) for uri in self.multivariant.rendition_uris())

    def name(self, rendition_url: str) -> str:
        """Name a rendition for people: its path below the multivariant playlist, cut short."""
        folder = self.url.rpartition("/")[0] + "/"
        pieces = rendition_url.removeprefix(folder).split("?")[0].split("/")
        return pieces[-2] if len(pieces) > 1 else pieces[-1]

    def add_media(self, rendition_url: str, media: MediaWitness) -> None:
        """Take note of where a rendition's media is read."""
        self._media[rendition_url] = media

    def observe_playlist(
        self, rendition_url: str, playlist: MediaPlaylist, requested_s: float, arrived_s: float
    ) -> list[Finding]:
        """Take a rendition's newest full playlist and compare it with the others.

        Reports are held against what was known of the others as this playlist was asked for:
        what came later, the server need not have known.
        """
        findings: list[Finding] = []
        for other_url, other in self._playlists.items():
            if other_url != rendition_url and not other.is_ended and not playlist.is_ended:
                findings += check_same_control(rendition_url, playlist, other_url, other)
        known = {
            url: self._positions[url][1]
            if url in self._positions and self._positions[url][0] <= requested_s
            else (0, -1)
            for url in self.rendition_urls()
            if url != rendition_url
        }
        findings += check_rendition_reports(rendition_url, playlist, known)
        self._playlists[rendition_url] = playlist
        self._positions[rendition_url] = (arrived_s, playlist.last_position)
        return findings

    def observe_segment(self, msn: int) -> list[Finding]:
        """Compare the media of an MSN once every rendition has it; repeated calls are free."""
        spans: dict[str, SegmentSpan] = {}
        for url, media in self._media.items():
            span = media.spans.get(msn)
            if span is None:
                return []
            spans[self.name(url)] = span
        if msn <= self._compared_msn:
            return []
        self._compared_msn = msn
        return list(check_spans(self.url, msn, spans))

    def conclude(self) -> list[Finding]:
        """Hold the multivariant playlist against all the media that was read."""
        findings: list[Finding] = []
        if self._is_single:
            return findings
        for variant in self.multivariant.variants:
            media = self._variant_media(variant)
            if any(each is None or each.track is None for each in media.values()):
                continue
            witnesses = [each for each in media.values() if each is not None]
            tracks = [each.track for each in witnesses if each.track is not None]
            findings += check_codecs(self.url, variant, tracks)
            weights: list[Mapping[int, SegmentWeight]] = [each.weights for each in witnesses]
            findings += check_bandwidth(self.url, variant, weights)
            frame_rate = witnesses[0].frame_rate
            if frame_rate is not None:
                findings += check_frame_rate(self.url, variant, frame_rate)
        for rendition in self.multivariant.alternatives:
            if rendition.uri is None:
                continue
            witness = self._media.get(urljoin(self.url, rendition.uri))
            if witness is not None and witness.track is not None:
                findings += check_alternative(self.url, rendition, witness.track)
        return findings

    def _variant_media(self, variant: Variant) -> dict[str, MediaWitness | None]:
        """Find what plays together in a variant: its own media and one of each group.

        With several renditions in a group the first stands for all.
        """
        uris = [variant.uri]
        for kind, group in (("AUDIO", variant.audio_group), ("VIDEO", variant.video_group)):
            members = [
                each.uri
                for each in self.multivariant.alternatives
                if each.type == kind and each.group_id == group and each.uri is not None
            ]
            uris += members[:1]
        urls = dict.fromkeys(urljoin(self.url, uri) for uri in uris)
        return {url: self._media.get(url) for url in urls}
