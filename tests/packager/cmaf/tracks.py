"""Bare tracks: the shortest that a test needs to say what it is about."""

from ingest.media import AudioFormat, Codec, MediaKind, Track, VideoFormat


def bare_track(
    codec: Codec,
    configuration: bytes,
    *,
    video: VideoFormat | None = None,
    audio: AudioFormat | None = None,
    bitrate_bps: int | None = None,
    language: str = "und",
) -> Track:
    """Make a track of 1280x720 or of 48 kHz stereo, unless told otherwise."""
    if codec.kind is MediaKind.VIDEO:
        video = video or VideoFormat(1280, 720)
        timescale = 90_000
    else:
        audio = audio or AudioFormat(48_000, 2, 1024)
        timescale = audio.sample_rate_hz
    return Track(
        name=codec.kind.value,
        track_id=0,
        codec=codec,
        timescale=timescale,
        decoder_configuration=configuration,
        video=video,
        audio=audio,
        bitrate_bps=bitrate_bps,
        language=language,
    )
