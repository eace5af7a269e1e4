"""Silence: coded units of no sound, to stand in for audio that did not come."""

from dataclasses import dataclass

from ingest.media import Codec, Track
from packager.segmenter.aac_silence import silent_aac_unit
from packager.segmenter.dolby_silence import FRAME_SAMPLES, silent_ac3_frame, silent_eac3_frame
from packager.segmenter.flac_silence import silent_flac_frame
from packager.segmenter.opus_silence import PACKET_TICKS, silent_opus_packet


@dataclass(frozen=True, slots=True)
class SilentUnit:
    """A unit that fills `duration_ticks`. Without payload it can only become a gap."""

    duration_ticks: int
    payload: bytes


def silent_unit(track: Track, unit_ticks: int) -> SilentUnit:
    """Find the silent unit of an audio track whose own units last `unit_ticks`."""
    duration_ticks, payload = unit_ticks, b""
    configuration, audio = track.decoder_configuration, track.audio
    is_by_sample = audio is not None and audio.sample_rate_hz == track.timescale
    match track.codec:
        case Codec.AAC:
            payload = silent_aac_unit(configuration)
        case Codec.OPUS:
            channel_count = audio.channel_count if audio is not None else 0
            duration_ticks, payload = PACKET_TICKS, silent_opus_packet(configuration, channel_count)
        case Codec.FLAC if is_by_sample:
            payload = silent_flac_frame(configuration, unit_ticks)
        case Codec.AC3 if is_by_sample and unit_ticks == FRAME_SAMPLES:
            payload = silent_ac3_frame(configuration)
        case Codec.EAC3 if is_by_sample and unit_ticks == FRAME_SAMPLES:
            payload = silent_eac3_frame(configuration)
    return SilentUnit(duration_ticks if payload else unit_ticks, payload)
