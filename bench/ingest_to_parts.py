"""How much CPU one publisher costs, from RTMP bytes to CMAF parts and rendered playlists.

    .venv/bin/python -m bench.ingest_to_parts [--seconds 60] [--read-bytes 1400] [--journal DIR]

Feeds a recorded 720p30 show of 4 Mbit/s through everything between the socket and the
Publication, without sockets, as fast as it goes; with `--journal` every other time kept on disk.
"""

import argparse
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from statistics import median

from pyinstrument import Profiler

from ingest.flv import PublisherMedia
from ingest.media import MediaEvent
from ingest.rtmp import (
    HANDSHAKE_RANDOM_BYTES,
    MediaMessage,
    MetadataReceived,
    PublishRequested,
    RtmpLimits,
    ServerConnection,
)
from packager.cadence import LatencyProfile
from packager.journal import LiveFolder
from packager.live import Publication, WindowSettings
from packager.live_channel import LiveChannel
from packager.segmenter import Segmenter, SegmenterSettings
from tests.support.rtmp_publisher import Message, MessageType, VideoSettings, amf0, make_show
from tests.support.rtmp_publisher.chunk_writer import ChunkWriter

UNIX_MS = 1_795_000_000_000


def session_bytes(duration_s: int) -> Iterator[tuple[float, bytes]]:
    """Give what an encoder sends, with the time at which it does."""
    show = make_show(
        VideoSettings(width_px=1280, height_px=720, gop_frames=60, bitrate_bps=4_000_000)
    )
    writer = ChunkWriter(compresses_headers=True, repeats_extended_timestamp=True)

    def command(*values: amf0.AmfValue, stream: int = 0) -> bytes:
        payload = amf0.encode(*values)
        return writer.write(Message(MessageType.COMMAND_AMF0, 0, payload, stream), 3)

    yield 0, b"\x03" + bytes(1536) + bytes(1536)
    size = Message(MessageType.SET_CHUNK_SIZE, 0, (4096).to_bytes(4, "big"))
    yield 0, writer.write(size, 2)
    writer.chunk_size_bytes = 4096
    yield 0, command("connect", 1, {"app": "live", "tcUrl": "rtmp://host/live"})
    yield 0, command("createStream", 2, None) + command("publish", 3, None, "key", "live", stream=1)
    head = [show.metadata(), *show.sequence_starts()]
    for message in [*head, *show.media(duration_s)]:
        wire = Message(message.type_id, message.timestamp_ms, message.payload, 1)
        yield message.timestamp_ms / 1000, writer.write(wire, 4)


_EPOCHS = (f"{number:x}-000000" for number in count(1))


def run(chunks: list[tuple[float, bytes]], folder: LiveFolder | None = None) -> None:
    """Take the session as a server without sockets would."""
    connection = ServerConnection(
        RtmpLimits(), handshake_random=bytes(HANDSHAKE_RANDOM_BYTES), opened_at=0
    )
    media = PublisherMedia()
    publication = Publication("bench", next(_EPOCHS), UNIX_MS, WindowSettings())
    channel = LiveChannel(
        publication,
        Segmenter(SegmenterSettings(), LatencyProfile.NORMAL),
        lambda _event: None,
        None if folder is None else folder.begin(publication),
    )
    channel.start_publisher(0, UNIX_MS)
    for now, data in chunks:
        taken: list[MediaEvent] = []
        for event in connection.receive_data(data, now):
            if type(event) is MediaMessage:
                taken += media.receive(event, now)
            elif isinstance(event, MetadataReceived):
                taken += media.receive_metadata(event.values)
            elif isinstance(event, PublishRequested):
                connection.accept_publish(event.request_id)
        connection.data_to_send()
        if taken:
            parts = publication.part_count
            channel.receive(taken, now, UNIX_MS + round(now * 1000))
            if publication.part_count != parts:
                for rendition in publication.renditions.values():
                    _ = rendition.playlist(skip=True).gzip
    channel.discard()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--read-bytes", type=int, default=1400)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--journal", type=Path, metavar="DIR", help="an empty folder")
    options = parser.parse_args()
    chunks = [
        (now, data[start : start + options.read_bytes])
        for now, data in session_bytes(options.seconds)
        for start in range(0, len(data), options.read_bytes)
    ]
    folder = None
    if options.journal is not None:
        folder = LiveFolder(options.journal, lambda: UNIX_MS)
        folder.open()
    if options.profile:
        with Profiler(interval=0.0005) as profiler:
            run(chunks, folder)
        print(profiler.output_text(color=False, show_all=True))
        return
    megabits = sum(len(data) for _, data in chunks) * 8 / 1e6 / options.seconds
    print(f"{megabits:.1f} Mbit/s in reads of {options.read_bytes} bytes, ms CPU a second of show:")
    costs_ms: dict[str, list[float]] = {}
    for _ in range(options.rounds):
        for name, kept_in in {"in memory": None, "kept on disk": folder}.items():
            if name == "in memory" or folder is not None:
                started = time.process_time()
                run(chunks, kept_in)
                cost_ms = (time.process_time() - started) / options.seconds * 1000
                costs_ms.setdefault(name, []).append(cost_ms)
    for name, costs in costs_ms.items():
        print(
            f"{name:13} {min(costs):.2f} at best, {median(costs):.2f} in the middle: "
            f"{1000 / min(costs):.0f} publishers a core"
        )
    if folder is not None:
        folder.close(10)


if __name__ == "__main__":
    main()
