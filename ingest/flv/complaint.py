"""What a track has to complain of, before it is known whether the streamer should hear it again."""

from typing import NamedTuple

from ingest.media import WarningCode


class Complaint(NamedTuple):
    """A mishap of one track."""

    code: WarningCode
    text: str


NO_SEQUENCE_HEADER = Complaint(
    WarningCode.BROKEN_PAYLOAD, "media comes before its sequence header and is dropped"
)
TIMESTAMPS_REPAIRED = Complaint(
    WarningCode.TIMESTAMPS_REPAIRED, "timestamps do not rise; they were moved by as little as helps"
)
FRAME_RATE_VARIES = Complaint(
    WarningCode.FRAME_RATE_VARIES, "timestamps show no constant frame rate"
)
