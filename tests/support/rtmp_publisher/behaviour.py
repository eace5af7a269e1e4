"""What a publisher does the way it does it: the liberties of real encoders, and of broken ones."""

from dataclasses import dataclass
from enum import Enum, auto


class Step(Enum):
    """The steps of publishing that a client can leave out."""

    SET_CHUNK_SIZE = auto()
    RELEASE_STREAM = auto()
    FC_PUBLISH = auto()
    CREATE_STREAM = auto()  # then it publishes on message stream 0
    METADATA = auto()
    SEQUENCE_STARTS = auto()
    SEQUENCE_ENDS = auto()
    FC_UNPUBLISH = auto()
    DELETE_STREAM = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientBehaviour:
    """How to publish. The defaults are those of OBS.

    `chunk_size_bytes` is announced before `connect`. `media_chunk_streams` are the chunk stream
    ids of audio, video and data. `start_timestamp_ms` is added to every media timestamp, which
    wraps at `timestamp_bits` (OBS 31, ffmpeg 32). `aggregate_count` above 1 puts that many media
    messages into each aggregate message. The handshake is written in pieces of
    `handshake_piece_bytes` with a pause of `handshake_pause_s` between them.
    """

    chunk_size_bytes: int = 4096
    compresses_headers: bool = True
    repeats_extended_timestamp: bool = True
    media_chunk_streams: tuple[int, int, int] = (4, 4, 4)
    start_timestamp_ms: int = 0
    timestamp_bits: int = 32
    aggregate_count: int = 1
    wraps_commands_in_amf3: bool = False
    flash_version: str = "FMLE/3.0 (compatible; FMSc/1.0)"
    four_cc_list: tuple[str, ...] = ()
    caps_ex: int | None = None
    handshake_piece_bytes: int = 1537
    handshake_pause_s: float = 0.0
    answer_limit_s: float = 120.0
    omits: frozenset[Step] = frozenset()

    def does(self, step: Step) -> bool:
        """Whether the client takes this step."""
        return step not in self.omits
