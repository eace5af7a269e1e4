"""FourCCs of Enhanced RTMP and codec ids of FLV (Enhanced RTMP v2, "Enhanced Audio/Video")."""

from ingest.media import Codec

AUDIO_FOURCC: dict[bytes, Codec | str] = {
    b"mp4a": Codec.AAC,
    b"Opus": Codec.OPUS,
    b"fLaC": Codec.FLAC,
    b"ac-3": Codec.AC3,
    b"ec-3": Codec.EAC3,
    b".mp3": "MP3",
}
VIDEO_FOURCC: dict[bytes, Codec | str] = {
    b"avc1": Codec.AVC,
    b"hvc1": Codec.HEVC,
    b"av01": Codec.AV1,
    b"vp09": Codec.VP9,
    b"vp08": "VP8",
    b"vvc1": "VVC",
}
# FLV specification E.4.2.1 and E.4.3.1; 12 is HEVC by a custom of Chinese encoders and servers.
_LEGACY_AUDIO: dict[int, Codec | str] = {
    0: "PCM",
    1: "ADPCM",
    2: "MP3",
    3: "PCM",
    4: "Nellymoser",
    5: "Nellymoser",
    6: "Nellymoser",
    7: "G.711",
    8: "G.711",
    10: Codec.AAC,
    11: "Speex",
    14: "MP3",
    15: "device-specific",
}
_LEGACY_VIDEO: dict[int, Codec | str] = {
    2: "H.263",
    3: "Screen Video",
    4: "VP6",
    5: "VP6",
    6: "Screen Video 2",
    7: Codec.AVC,
    12: Codec.HEVC,
}
# By SoundFormat and CodecID, for every value of their four bits.
LEGACY_AUDIO = tuple(_LEGACY_AUDIO.get(number, f"FLV format {number}") for number in range(16))
LEGACY_VIDEO = tuple(_LEGACY_VIDEO.get(number, f"FLV codec {number}") for number in range(16))


def fourcc_text(fourcc: bytes) -> str:
    """Write an unknown FourCC so that it may stand in a message."""
    return f"codec {fourcc.decode('ascii', 'backslashreplace')!a}"
