"""AdaptationSet and Representation elements: what players choose by (ISO/IEC 23009-1, 5.3.3)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.media import AudioFormat, Codec, MediaKind, VideoFormat
from packager.cmaf import mime_type
from packager.dash.manifest import Representation

_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")  # RFC 5646, well-formed enough
_UNDETERMINED = "und"
_AUDIO_SET_ID = 100  # more than there are video tracks

# ISO/IEC 23091-3, table 1: the index of the common layout of so many channels.
_CHANNEL_CONFIGURATIONS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6, 8: 12}


@dataclass(frozen=True, slots=True)
class Member:
    """One Representation element: its opening tag and what stands before its segments."""

    representation: Representation
    opening: str
    descriptors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AdaptationSet:
    """One AdaptationSet element: its opening tag, its own descriptors, its Representations."""

    opening: str
    descriptors: tuple[str, ...]
    members: tuple[Member, ...]


def adaptation_sets(representations: Sequence[Representation]) -> list[AdaptationSet]:
    """Sort renditions into sets within which players switch seamlessly.

    Videos of one codec are one set, each sound track is a set of its own: two sound tracks differ
    in what is heard, not in quality.
    """
    videos: dict[Codec, list[Representation]] = {}
    audios: list[Representation] = []
    for representation in representations:
        track = representation.track
        if track.kind is MediaKind.VIDEO:
            videos.setdefault(track.codec, []).append(representation)
        else:
            audios.append(representation)
    return [
        *(_video_set(members) for members in videos.values()),
        *(_audio_set(audio, is_main=audio is audios[0]) for audio in audios),
    ]


def _video_set(representations: Sequence[Representation]) -> AdaptationSet:
    set_id = min(representation.track.track_id for representation in representations) + 1
    formats = [
        representation.track.video
        for representation in representations
        if representation.track.video is not None
    ]
    return AdaptationSet(
        f'<AdaptationSet id="{set_id}" contentType="video" segmentAlignment="true"'
        f"{_access_point(representations)}"
        f' maxWidth="{max(video.width_px for video in formats)}"'
        f' maxHeight="{max(video.height_px for video in formats)}">',
        (_role(is_main=True),),
        tuple(map(_video_member, representations)),
    )


def _video_member(representation: Representation) -> Member:
    video = representation.track.video
    attributes = "" if video is None else _picture_attributes(video)
    return Member(representation, f"{_opening(representation)}{attributes}>", ())


def _picture_attributes(video: VideoFormat) -> str:
    across, down = video.sample_aspect
    attributes = f' width="{video.width_px}" height="{video.height_px}" sar="{across}:{down}"'
    if video.frame_rate is not None:
        rate = video.frame_rate
        fraction = f"/{rate.denominator}" if rate.denominator != 1 else ""
        attributes += f' frameRate="{rate.numerator}{fraction}"'
    return attributes


def _audio_set(representation: Representation, *, is_main: bool) -> AdaptationSet:
    track = representation.track
    language = track.language if _LANGUAGE_TAG.fullmatch(track.language) else _UNDETERMINED
    audio = track.audio
    descriptors = () if audio is None else _channel_descriptors(audio)
    rate = "" if audio is None else f' audioSamplingRate="{audio.sample_rate_hz}"'
    return AdaptationSet(
        f'<AdaptationSet id="{_AUDIO_SET_ID + track.track_id}" contentType="audio"'
        f' lang="{language}" segmentAlignment="true"{_access_point((representation,))}>',
        (_role(is_main=is_main),),
        (Member(representation, f"{_opening(representation)}{rate}>", descriptors),),
    )


def _access_point(representations: Sequence[Representation]) -> str:
    """Promise that players can begin with any segment, unless one was cut without a keyframe."""
    is_kept = all(representation.starts_with_sync for representation in representations)
    return ' startWithSAP="1"' if is_kept else ""


def _opening(representation: Representation) -> str:
    return (
        f'<Representation id="{representation.name}" mimeType="{mime_type(representation.track)}"'
        f' codecs="{representation.codecs}" bandwidth="{representation.bandwidth_bps}"'
    )


def _role(*, is_main: bool) -> str:
    return (
        '<Role schemeIdUri="urn:mpeg:dash:role:2011"'
        f' value="{"main" if is_main else "alternate"}"/>'
    )


def _channel_descriptors(audio: AudioFormat) -> tuple[str, ...]:
    index = _CHANNEL_CONFIGURATIONS.get(audio.channel_count)
    if index is None:
        return ()
    scheme = "urn:mpeg:mpegB:cicp:ChannelConfiguration"
    return (f'<AudioChannelConfiguration schemeIdUri="{scheme}" value="{index}"/>',)
