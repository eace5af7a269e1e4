"""Multivariant playlists: which renditions there are (rfc8216bis 4.4.6)."""

from dataclasses import dataclass
from decimal import Decimal

from conformance.check import Check
from conformance.errors import PlaylistSyntaxError
from conformance.playlist.attributes import AttributeList, read_attributes
from conformance.playlist.lines import read_lines
from conformance.playlist.media_reader import MULTIVARIANT_TAGS

_MEDIA_TAGS = frozenset(
    {
        "#EXTINF",
        "#EXT-X-TARGETDURATION",
        "#EXT-X-MEDIA-SEQUENCE",
        "#EXT-X-DISCONTINUITY-SEQUENCE",
        "#EXT-X-ENDLIST",
        "#EXT-X-PLAYLIST-TYPE",
        "#EXT-X-PART-INF",
        "#EXT-X-SERVER-CONTROL",
        "#EXT-X-PART",
        "#EXT-X-MAP",
        "#EXT-X-PRELOAD-HINT",
        "#EXT-X-RENDITION-REPORT",
        "#EXT-X-PROGRAM-DATE-TIME",
        "#EXT-X-DISCONTINUITY",
        "#EXT-X-SKIP",
        "#EXT-X-GAP",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """EXT-X-STREAM-INF and its URI."""

    uri: str
    bandwidth_bps: int
    average_bandwidth_bps: int | None = None
    codecs: tuple[str, ...] | None = None
    resolution: tuple[int, int] | None = None
    frame_rate: Decimal | None = None
    audio_group: str | None = None
    video_group: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlternativeRendition:
    """EXT-X-MEDIA; `uri` is None where the media is in the variant itself."""

    type: str
    group_id: str
    name: str
    uri: str | None = None
    language: str | None = None
    is_default: bool = False
    channels: str | None = None
    sample_rate_hz: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MultivariantPlaylist:
    """What a player chooses from."""

    variants: tuple[Variant, ...]
    alternatives: tuple[AlternativeRendition, ...] = ()
    version: int = 1
    has_independent_segments: bool = False

    def rendition_uris(self) -> tuple[str, ...]:
        """List every media playlist once, as written, variants first."""
        uris = [variant.uri for variant in self.variants]
        uris += [each.uri for each in self.alternatives if each.uri is not None]
        return tuple(dict.fromkeys(uris))


def is_multivariant(body: bytes) -> bool:
    """Tell a multivariant playlist from a media playlist; raise PlaylistSyntaxError for neither."""
    return any(line.tag in MULTIVARIANT_TAGS for line in read_lines(body))


def read_multivariant_playlist(body: bytes) -> MultivariantPlaylist:
    """Read a multivariant playlist; raise PlaylistSyntaxError at the first line that breaks a rule.

    A list with media tags, a variant without a URI, or a group that no EXT-X-MEDIA makes is
    refused; so is a playlist without any variant.
    """
    variants: list[Variant] = []
    alternatives: list[AlternativeRendition] = []
    seen: set[str] = set()
    version = 1
    opened: AttributeList | None = None
    last_line = 1
    for line in read_lines(body):
        last_line = line.number
        if line.tag in _MEDIA_TAGS:
            raise PlaylistSyntaxError(
                Check.NO_MIXED_TAGS, line.number, f"expected multivariant tags, got {line.tag}"
            )
        if opened is not None:
            # "The URI line ... MUST follow the EXT-X-STREAM-INF tag" (4.4.6.2).
            if line.tag:
                raise PlaylistSyntaxError(
                    Check.ATTRIBUTE_SYNTAX, line.number, f"expected a variant's URI, got {line.tag}"
                )
            variants.append(_variant(opened, line.value))
            opened = None
            continue
        match line.tag:
            case "":
                raise PlaylistSyntaxError(
                    Check.ATTRIBUTE_SYNTAX,
                    line.number,
                    f"expected #EXT-X-STREAM-INF before the URI {line.value[:40]!r}",
                )
            case "#EXT-X-VERSION" | "#EXT-X-INDEPENDENT-SEGMENTS" | "#EXT-X-START":
                if line.tag in seen:
                    raise PlaylistSyntaxError(
                        Check.NO_DUPLICATE_TAG,
                        line.number,
                        f"expected {line.tag} once, got it twice",
                    )
                seen.add(line.tag)
                if line.tag == "#EXT-X-VERSION":
                    if not line.value.isascii() or not line.value.isdigit() or len(line.value) > 9:
                        raise PlaylistSyntaxError(
                            Check.VERSION_FITS,
                            line.number,
                            f"expected a decimal integer, got {line.value[:40]!r}",
                        )
                    version = int(line.value)
            case "#EXT-X-STREAM-INF":
                opened = read_attributes(line.tag, line.number, line.value)
            case "#EXT-X-MEDIA":
                alternatives.append(
                    _alternative(read_attributes(line.tag, line.number, line.value))
                )
    if opened is not None or not variants:
        raise PlaylistSyntaxError(
            Check.ATTRIBUTE_SYNTAX, last_line, "expected a variant's URI, got the end"
        )
    _expect_groups(variants, alternatives, last_line)
    return MultivariantPlaylist(
        variants=tuple(variants),
        alternatives=tuple(alternatives),
        version=version,
        has_independent_segments="#EXT-X-INDEPENDENT-SEGMENTS" in seen,
    )


def _variant(attributes: AttributeList, uri: str) -> Variant:
    codecs = attributes.maybe_quoted("CODECS")
    return Variant(
        uri=uri,
        bandwidth_bps=attributes.integer("BANDWIDTH"),
        average_bandwidth_bps=attributes.maybe_integer("AVERAGE-BANDWIDTH"),
        codecs=None if codecs is None else tuple(each.strip() for each in codecs.split(",")),
        resolution=attributes.maybe_resolution("RESOLUTION"),
        frame_rate=attributes.maybe_decimal("FRAME-RATE"),
        audio_group=attributes.maybe_quoted("AUDIO"),
        video_group=attributes.maybe_quoted("VIDEO"),
    )


def _alternative(attributes: AttributeList) -> AlternativeRendition:
    return AlternativeRendition(
        type=attributes.enumerated("TYPE"),
        group_id=attributes.quoted("GROUP-ID"),
        name=attributes.quoted("NAME"),
        uri=attributes.maybe_quoted("URI"),
        language=attributes.maybe_quoted("LANGUAGE"),
        is_default=attributes.yes("DEFAULT"),
        channels=attributes.maybe_quoted("CHANNELS"),
        sample_rate_hz=attributes.maybe_integer("SAMPLE-RATE"),
    )


def _expect_groups(
    variants: list[Variant], alternatives: list[AlternativeRendition], line_number: int
) -> None:
    # "MUST match the value of the GROUP-ID attribute of an EXT-X-MEDIA tag elsewhere in the
    # Multivariant Playlist whose TYPE attribute is AUDIO" (4.4.6.2).
    groups = {(each.type, each.group_id) for each in alternatives}
    for variant in variants:
        for kind, group in (("AUDIO", variant.audio_group), ("VIDEO", variant.video_group)):
            if group is not None and (kind, group) not in groups:
                raise PlaylistSyntaxError(
                    Check.ATTRIBUTE_SYNTAX,
                    line_number,
                    f"expected an #EXT-X-MEDIA of TYPE={kind} with GROUP-ID {group!r}, got none",
                )
