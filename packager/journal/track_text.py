"""A Track as JSON, for the index: read back it is equal to what it was."""

import json
from fractions import Fraction
from typing import Any

from ingest.media import AudioFormat, Codec, ColorDescription, Track, VideoFormat


def write_track(track: Track) -> bytes:
    """Write a track."""
    values: dict[str, Any] = {
        "name": track.name,
        "track_id": track.track_id,
        "codec": track.codec.name,
        "timescale": track.timescale,
        "decoder_configuration": track.decoder_configuration.hex(),
        "bitrate_bps": track.bitrate_bps,
        "language": track.language,
    }
    if track.video is not None:
        values["video"] = _video_values(track.video)
    if track.audio is not None:
        audio = track.audio
        values["audio"] = [audio.sample_rate_hz, audio.channel_count, audio.samples_per_frame]
    return json.dumps(values, separators=(",", ":")).encode()


def read_track(text: bytes) -> Track:
    """Read a track. Raises ValueError, KeyError or TypeError on what was not written here."""
    values = json.loads(text)
    audio = values.get("audio")
    video = values.get("video")
    return Track(
        name=values["name"],
        track_id=values["track_id"],
        codec=Codec[values["codec"]],
        timescale=values["timescale"],
        decoder_configuration=bytes.fromhex(values["decoder_configuration"]),
        video=None if video is None else _read_video(video),
        audio=None if audio is None else AudioFormat(*audio),
        bitrate_bps=values["bitrate_bps"],
        language=values["language"],
    )


def _video_values(video: VideoFormat) -> dict[str, Any]:
    rate, color = video.frame_rate, video.color
    return {
        "size": [video.width_px, video.height_px],
        "sample_aspect": list(video.sample_aspect),
        "frame_rate": None if rate is None else [rate.numerator, rate.denominator],
        "bit_depth": video.bit_depth,
        "color": None
        if color is None
        else [color.primaries, color.transfer, color.matrix, color.full_range],
        "mastering_display": _hex(video.mastering_display),
        "content_light_level": _hex(video.content_light_level),
    }


def _read_video(values: dict[str, Any]) -> VideoFormat:
    rate, color = values["frame_rate"], values["color"]
    width_px, height_px = values["size"]
    horizontal, vertical = values["sample_aspect"]
    return VideoFormat(
        width_px=width_px,
        height_px=height_px,
        sample_aspect=(horizontal, vertical),
        frame_rate=None if rate is None else Fraction(*rate),
        bit_depth=values["bit_depth"],
        color=None if color is None else ColorDescription(*color),
        mastering_display=_bytes(values["mastering_display"]),
        content_light_level=_bytes(values["content_light_level"]),
    )


def _hex(value: bytes | None) -> str | None:
    return None if value is None else value.hex()


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else bytes.fromhex(text)
