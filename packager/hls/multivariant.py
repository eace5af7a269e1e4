"""The multivariant playlist as text (rfc8216bis 4.4.6): which renditions play together."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ingest.media import AudioFormat, Codec, Track, VideoFormat

_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")  # RFC 5646, well-formed enough
_UNDETERMINED = "und"

# Transfer characteristics of ISO/IEC 23091-2 that rfc8216bis 4.4.6.2 tells apart.
_TRANSFER_PQ = 16
_TRANSFER_HLG = 18

_GROUP_IDS = {
    Codec.AAC: "aac",
    Codec.OPUS: "opus",
    Codec.FLAC: "flac",
    Codec.AC3: "ac-3",
    Codec.EAC3: "ec-3",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RenditionDescription:
    """What the multivariant playlist says of one rendition.

    `uri` is that of its media playlist, `codecs` its RFC 6381 string. `peak_bps` and
    `average_bps` are bits a second with all container overhead.
    """

    uri: str
    track: Track
    codecs: str
    peak_bps: int
    average_bps: int


def render_multivariant(renditions: Sequence[RenditionDescription], *, is_independent: bool) -> str:
    """Write the multivariant playlist of these renditions, at least one.

    Every video rendition is a variant, once with each group of audio renditions of one codec: a
    player that lacks a codec must find a variant that does not name it. Without video the audio
    groups are the variants. `is_independent` says that every segment of every rendition begins
    with a sync sample.
    """
    videos = [rendition for rendition in renditions if rendition.track.video is not None]
    groups = _group_by_codec(renditions)
    lines = ["#EXTM3U", "#EXT-X-VERSION:6"]
    if is_independent:
        lines.append("#EXT-X-INDEPENDENT-SEGMENTS")
    # A lone audio-only rendition is its own variant and needs no group.
    has_groups = bool(videos) or len(renditions) > len(groups)
    if has_groups:
        for group_id, members in groups.items():
            lines.extend(_media_tags(group_id, members))
    if videos:
        for video in videos:
            for group_id, members in groups.items():
                lines.extend(_variant(video, group_id, members))
            if not groups:
                lines.extend(_variant(video, None, ()))
    else:
        for group_id, members in groups.items():
            lines.extend(_variant(members[0], group_id if has_groups else None, members))
    lines.append("")
    return "\n".join(lines)


def _group_by_codec(
    renditions: Sequence[RenditionDescription],
) -> dict[str, list[RenditionDescription]]:
    groups: dict[str, list[RenditionDescription]] = {}
    for rendition in renditions:
        if rendition.track.audio is not None:
            groups.setdefault(_GROUP_IDS[rendition.track.codec], []).append(rendition)
    return groups


def _media_tags(group_id: str, members: Sequence[RenditionDescription]) -> list[str]:
    tags = []
    languages: set[str] = set()
    for member in members:
        track = member.track
        language = _language(track)
        # rfc8216bis 4.4.6.1.1: members with AUTOSELECT=YES SHOULD differ in their language.
        is_automatic = language not in languages
        languages.add(language)
        tags.append(
            f'#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="{group_id}",NAME="{_audio_name(track)}",'
            f'LANGUAGE="{language}",DEFAULT={_yes_no(member is members[0])},'
            f"AUTOSELECT={_yes_no(is_automatic)},"
            f'CHANNELS="{_channel_count(track.audio)}",URI="{member.uri}"'
        )
    return tags


def _variant(
    main: RenditionDescription, group_id: str | None, members: Sequence[RenditionDescription]
) -> list[str]:
    """Write one variant: a video and any one of the audio group beside it, or that one alone."""
    peak_bps = max((member.peak_bps for member in members), default=0)
    average_bps = max((member.average_bps for member in members), default=0)
    if main.track.video is not None:
        peak_bps += main.peak_bps
        average_bps += main.average_bps
    codecs = dict.fromkeys([main.codecs, *(member.codecs for member in members)])
    attributes = [
        f"BANDWIDTH={peak_bps}",
        f"AVERAGE-BANDWIDTH={average_bps}",
        f'CODECS="{",".join(codecs)}"',
    ]
    if main.track.video is not None:
        attributes.extend(_picture_attributes(main.track.video))
    if group_id is not None:
        attributes.append(f'AUDIO="{group_id}"')
    return [f"#EXT-X-STREAM-INF:{','.join(attributes)}", main.uri]


def _picture_attributes(video: VideoFormat) -> list[str]:
    across, down = video.sample_aspect
    width_px = round(Fraction(video.width_px * across, down))
    attributes = [f"RESOLUTION={width_px}x{video.height_px}"]
    if video.frame_rate is not None:
        rate_millihertz = round(video.frame_rate * 1000)
        attributes.append(f"FRAME-RATE={rate_millihertz // 1000}.{rate_millihertz % 1000:03d}")
    attributes.append(f"VIDEO-RANGE={_video_range(video)}")
    return attributes


def _video_range(video: VideoFormat) -> str:
    transfer = video.color.transfer if video.color is not None else None
    if transfer == _TRANSFER_PQ:
        return "PQ"
    return "HLG" if transfer == _TRANSFER_HLG else "SDR"


def _audio_name(track: Track) -> str:
    """Name an audio rendition for a viewer's menu, unlike every other of the show."""
    return "Audio" if track.track_id == 0 else f"Audio {track.track_id + 1}"


def _language(track: Track) -> str:
    """Return the track's language tag, or `und` where the publisher's word is none."""
    return track.language if _LANGUAGE_TAG.fullmatch(track.language) else _UNDETERMINED


def _channel_count(audio: AudioFormat | None) -> int:
    return audio.channel_count if audio is not None else 0


def _yes_no(is_yes: bool) -> str:
    return "YES" if is_yes else "NO"
