"""What one peer may cost: every length that it claims is held against these before it is kept."""

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class RtmpLimits:
    """Bounds of one connection, in bytes, items and seconds. All are at least 1."""

    handshake_timeout_s: float = 5.0
    # From the end of the handshake, or of a publication, to the next request to publish. ffmpeg
    # and OBS need four round trips.
    publish_timeout_s: float = 10.0
    # A peer that nobody has let in yet needs some kilobytes of commands.
    max_bytes_before_publish: int = 2**20
    # The wire allows 16 MiB (24-bit length, RTMP 1.0 5.3.1.2.1); a keyframe at 50 Mbit/s is 3 MiB.
    max_message_bytes: int = 10 * 2**20
    # Commands, control and metadata; OBS sends less than 1 KiB.
    max_command_bytes: int = 64 * 2**10
    # Of messages that are not yet complete, over all chunk streams.
    max_partial_bytes: int = 16 * 2**20
    # Encoders use 3 to 8.
    max_chunk_streams: int = 64
    # Messages that a peer begins and never completes; one is a quirk, many are an attack.
    max_dropped_messages: int = 16
    max_aggregate_tags: int = 4096
    max_amf_depth: int = 16
    # OBS metadata has about 25 values, with multitrack maps some hundred.
    max_amf_values: int = 4096

    def __post_init__(self) -> None:
        """Refuse limits that no session could live with."""
        for field in fields(self):
            value = getattr(self, field.name)
            if value <= 0:
                raise ValueError(f"{field.name}: expected more than 0, got {value}")
        if self.max_command_bytes > self.max_message_bytes:
            raise ValueError(
                f"max_command_bytes: expected at most max_message_bytes "
                f"({self.max_message_bytes}), got {self.max_command_bytes}"
            )
