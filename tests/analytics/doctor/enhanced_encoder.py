"""A program: publishes the file of its first argument to the address of its second, in real time.

    python enhanced_encoder.py show.mkv rtmp://127.0.0.1/live/key

As an encoder with FFmpeg 8 does it, whose FLV carries HEVC, AV1, Opus and FLAC.
"""

import sys
import time

import av


def main() -> None:
    """Copy all coded units, each when its time has come."""
    path, url = sys.argv[1:]
    with av.open(path) as source, av.open(url, "w", format="flv") as output:
        copies = {
            stream.index: output.add_stream_from_template(stream, opaque=True)
            for stream in source.streams
        }
        began_s = time.monotonic()
        for packet in source.demux():
            if packet.dts is None:
                continue
            due_s = began_s + float(packet.dts * packet.time_base)
            time.sleep(max(due_s - time.monotonic(), 0))
            packet.stream = copies[packet.stream.index]
            output.mux(packet)


if __name__ == "__main__":
    main()
