"""PresentationWitness: the renditions of one multivariant playlist, held against one another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
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
    check_average_bandwidth,
    check_bandwidth,
    check_codecs,
    check_frame_rate,
    common_msns,
)
from conformance.finding import Finding
from conformance.media_witness import MediaWitness
from conformance.mp4 import InitTrack
from conformance.playlist import MediaPlaylist, MultivariantPlaylist, Variant


@dataclass(frozen=True, slots=True)
class SeenMedia:
    """What was known of one rendition's media at some moment; segments by MSN."""

    track: InitTrack
    frame_rate: Fraction | None
    weights: Mapping[int, SegmentWeight]


class PresentationWitness:
    """Knows the newest playlist and the media of every rendition, by absolute URL. Pure.

    A live multivariant playlist follows the media: new bit rates are measured, an encoder comes
    back with another picture size. So media is held against a multivariant playlist that was
    asked for after the media had come, never against an older one.

    `is_single` says that there is no multivariant playlist, only a media playlist at `url`: then
    nothing was declared that the media could be held against.
    """

    def __init__(
        self, url: str, multivariant: MultivariantPlaylist, *, is_single: bool = False
    ) -> None:
        self.url = url
        self._is_single = is_single
        self.multivariant = multivariant
        self._earlier = multivariant
        self._seen: Mapping[str, SeenMedia] = {}
        self._weighed_msns: dict[str, int] = {}
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

    def look(self) -> Mapping[str, SeenMedia]:
        """Tell what is known of the media now: call it before asking for the playlist."""
        return {
            url: SeenMedia(media.track, media.frame_rate, dict(media.weights))
            for url, media in self._media.items()
            if media.track is not None
        }

    def observe_multivariant(
        self, multivariant: MultivariantPlaylist, seen: Mapping[str, SeenMedia]
    ) -> list[Finding]:
        """Take the newest multivariant playlist, and what `look` gave before it was asked for.

        Segments that are new since the one before are held against its bandwidths.
        """
        self._earlier, self.multivariant, self._seen = self.multivariant, multivariant, seen
        findings: list[Finding] = []
        if self._is_single:
            return findings
        for variant in multivariant.variants:
            url = urljoin(self.url, variant.uri)
            media, playlist = self._variant_media(multivariant, variant), self._playlists.get(url)
            if media is None or playlist is None:
                continue
            weights = [each.weights for each in media]
            findings += check_bandwidth(
                self.url,
                variant,
                weights,
                target_duration_s=playlist.target_duration_s,
                after_msn=self._weighed_msns.get(url, -1),
            )
            self._weighed_msns[url] = max(common_msns(weights), default=-1)
        return findings

    def conclude(self) -> list[Finding]:
        """Hold the newest multivariant playlist against the media seen before it.

        An encoder that changes while the playlist is asked for makes it newer than the media:
        what the playlist before it said rightly is no fault then.
        """
        if self._is_single:
            return []
        findings = self._check_declared(self.multivariant)
        return findings if findings and self._check_declared(self._earlier) else []

    def _check_declared(self, multivariant: MultivariantPlaylist) -> list[Finding]:
        findings: list[Finding] = []
        for variant in multivariant.variants:
            media = self._variant_media(multivariant, variant)
            if media is None:
                continue
            findings += check_codecs(self.url, variant, [each.track for each in media])
            findings += check_average_bandwidth(self.url, variant, [each.weights for each in media])
            frame_rate = media[0].frame_rate
            if frame_rate is not None:
                findings += check_frame_rate(self.url, variant, frame_rate)
        for rendition in multivariant.alternatives:
            if rendition.uri is None:
                continue
            seen = self._seen.get(urljoin(self.url, rendition.uri))
            if seen is not None:
                findings += check_alternative(self.url, rendition, seen.track)
        return findings

    def _variant_media(
        self, multivariant: MultivariantPlaylist, variant: Variant
    ) -> Sequence[SeenMedia] | None:
        """Find what plays together in a variant: its own media and one of each group.

        With several renditions in a group the first stands for all. None while some is unseen.
        """
        uris = [variant.uri]
        for kind, group in (("AUDIO", variant.audio_group), ("VIDEO", variant.video_group)):
            members = [
                each.uri
                for each in multivariant.alternatives
                if each.type == kind and each.group_id == group and each.uri is not None
            ]
            uris += members[:1]
        urls = dict.fromkeys(urljoin(self.url, uri) for uri in uris)
        media = [self._seen[url] for url in urls if url in self._seen]
        return media if len(media) == len(urls) else None
