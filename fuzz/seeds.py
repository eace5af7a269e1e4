"""`python -m fuzz.seeds`: first entries for every target, from our own publishers and packager.

They go where new entries go; `python -m fuzz --adopt` keeps those that matter. Media is cut short:
readers look at the beginnings of units.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from fuzz.entry_reader import EntryReader
from fuzz.harness.flv_messages import write_messages
from fuzz.harness.pipeline import Newsroom
from fuzz.harness.survival import play_lives
from fuzz.target import TARGETS
from ingest.media import Codec
from ingest.rtmp import MediaMessage, MediaMessageKind
from packager.journal.frame import read_frames
from tests.support.flv_vectors import VECTORS
from tests.support.normal_priority import keep_normal_priority
from tests.support.rtmp_publisher import (
    AudioSettings,
    CodedTrack,
    Form,
    Message,
    MessageType,
    ModEx,
    Show,
    VideoSettings,
    amf0,
    make_show,
)
from tests.support.rtmp_publisher.chunk_writer import ChunkWriter
from tests.support.rtmp_publisher.message import aggregate

_FOLDER = Path(__file__).parent.parent / "fuzz-output" / "corpus"
_VIDEO = (Codec.AVC, Codec.HEVC, Codec.AV1, Codec.VP9)
_AUDIO = (Codec.AAC, Codec.OPUS, Codec.FLAC, Codec.AC3, Codec.EAC3)
_UNIT_BYTES = 160
_NAL_UNIT_BYTES = 40
_AUDIO_BPS = 32_000  # frames of AC-3 and E-AC-3 fit _UNIT_BYTES: they are read to their end
_HVCC_ARRAYS_AT = 22  # numOfArrays (ISO/IEC 14496-15 8.3.3.1)
_SKIPS_HANDSHAKE = 1
_IS_RECORD = 0x8000
_QUERIES = (
    "_HLS_msn=9&_HLS_part=2&_HLS_skip=YES",
    "_HLS_msn=12",
    "_HLS_part=1",
    "_HLS_msn=-1",
    "_HLS_msn=18446744073709551615&_HLS_skip=v2",
    "token=a%2Fb&_HLS_msn=8",
)
_PATHS = (
    "/live/clock/index.m3u8",
    "/live/clock/manifest.mpd",
    "/live/clock/18f-a1b2/video/index.m3u8",
    "/live/clock/18f-a1b2/video/init-1.mp4",
    "/live/clock/18f-a1b2/audio-1/part-77.m4s",
    "/live/clock/18f-a1b2/video/segment-9.m4s",
    "/live/../18f/x",
)
_RANGES = ("bytes=0-9", "bytes=-5", "bytes=3-", "bytes=0-9007199254740991", "bytes=0-1,4-5")
_LINES = (
    "GET /live/clock/index.m3u8 HTTP/1.1\r\nHost: a",
    "HEAD /live/clock/18f-a1b2/video/part-7.m4s?a=b HTTP/1.1\r\nHost: a:80",
    "OPTIONS /live/clock/manifest.mpd HTTP/1.1\r\nHost: a",
    "GET http://a.example/live/clock/manifest.mpd HTTP/1.0",
    "GET /health HTTP/1.1\r\nHost: a",
    "POST /api/v1/x HTTP/1.1\r\nHost: a\r\nContent-Length: 3",
)
_FIELDS = (
    "Accept: */*\r\nUser-Agent: a (b)\r\nAccept-Encoding: gzip;q=0.5, br\r\nOrigin: http://b",
    "Range: bytes=0-9\r\nIf-Range: a\r\nConnection: close",
    "content-length: 0\r\nconnection: keep-alive, te",
    "Transfer-Encoding: chunked\r\nContent-Length: 0",
    "Upgrade: websocket\r\nConnection: Upgrade\r\nExpect: 100-continue",
    "X: a\r\n b\r\nY : c\nZ:\0",
)
_SCRIPTS = (
    "01000040004000400040",
    "0102003c003c003c003c0c04003c003c003c",
    "0203003c003c0601003c003c0701003c003c",
    "0000003c003c0801003c003c0802003c003c0803003c003c",
    "0100003c003c0a04003c003c0a05003c003c0a00003c",
    "0101003c003c0d01003c003c003c0d00003c003c",
    "0100003c003c0bff0bff003c003c0403003c003c0504003c",
    "0100080f003c003c003c003c0807003c003c0601003c003c080f003c003c",
    "0200080d003c003c003c0805003c0900003c0410003c003c",
    "01000802003c003c003c003c0806003c003c",
    "0200080a003c003c003c0701003c003c0803003c003c",
    "010009a8003c003c0e00003c003c0f01000a1700000000",
)
# A life: its number of moves, these, the one in which it is killed; how much of that one's changes
# and of the media are on disk, how long nobody ran, and how the publisher comes back.
_LIVES = (
    "0100 03 003c003c003c 003c 800010 00 03 003c003c0601 0030 ffff20 00 03 003c003c003c",
    "0100 04 003c003c0803003c 0020 400000 01 02 003c003c 0c02 800005 00 01 003c",
    "0200 03 003c003c0802 003c ff8100 00 02 003c003c 0801 000001 00 02 003c003c",
    "0000 05 003c003c080f003c003c 0701 c00101 03 03 0803003c003c 003c 7f0000 00 01 003c",
    "0101 04 003c003c0b20003c 0c41 ff00ff 00 02 003c003c",
)


def main() -> None:
    """Write all seeds."""
    keep_normal_priority()
    shows = list(_shows())
    _keep("rtmp", _rtmp(shows))
    _keep("amf", (bytes((kind,)) + body for body in _amf(shows) for kind in range(5)))
    _keep("flv", (m.payload for show in shows for m in _messages(show, 12)))
    _keep("media", (write_messages(_media(show)) for show in shows))
    _keep("media", map(write_messages, _recorded()))
    _keep("codec", _codec())
    _keep("http", _http())
    _keep("head", _heads())
    _keep("pipeline", (bytes.fromhex(script) for script in _SCRIPTS))
    _keep_published()
    lives = [bytes.fromhex(script) for script in _LIVES]
    _keep("survival", lives)
    _keep("index", chain.from_iterable(map(_indexes, lives)))


def _indexes(script: bytes) -> Iterator[bytes]:
    """Give what the shows of the script have on disk, as frames and as bytes."""
    with TemporaryDirectory() as path:
        for index in play_lives(EntryReader(script), Path(path)):
            framed, before_unix_ms = b"", 0
            for kind, unix_ms, payload in read_frames(index):
                passed_ms = max(0, min(unix_ms - before_unix_ms, 255))
                framed += bytes((kind, passed_ms)) + len(payload).to_bytes(2, "big") + payload
                before_unix_ms = unix_ms
            yield b"\1" + framed
            yield b"\0" + index


def _shows() -> Iterator[Show]:
    size = {"width_px": 64, "height_px": 64, "duration_s": 0.5}
    videos = {codec: VideoSettings(codec=codec, **size) for codec in _VIDEO}  # type: ignore[arg-type] # keywords of one type each
    audios = {
        codec: AudioSettings(codec=codec, duration_s=0.5, bitrate_bps=_AUDIO_BPS)
        for codec in _AUDIO
    }
    yield make_show(videos[Codec.AVC], audios[Codec.AAC])
    for video, audio in zip(_VIDEO, _AUDIO[1:], strict=True):
        yield make_show(videos[video], audios[audio], form=Form.ENHANCED)
    yield make_show(
        videos[Codec.HEVC],
        audios[Codec.OPUS],
        form=Form.ENHANCED,
        mod_ex=(ModEx(b"\0\x27\x10"), ModEx(bytes(300), 3)),
    )
    two_videos = [videos[Codec.AVC], videos[Codec.AVC]]
    two_audios = [audios[Codec.AAC], audios[Codec.OPUS]]
    yield make_show(two_videos, [audios[Codec.AAC]] * 2, form=Form.MANY_TRACKS)
    yield make_show(two_videos, two_audios, form=Form.MANY_TRACKS_MANY_CODECS)
    yield make_show(two_videos, two_audios)


def _messages(show: Show, count: int) -> list[Message]:
    """Give the head of a show, cut short: descriptions, some media, the ends of its tracks."""
    lean = replace(show, video=tuple(map(_lean, show.video)), audio=tuple(map(_lean, show.audio)))
    return [*lean.sequence_starts(), *islice(lean.media(), count), *lean.sequence_ends(400)]


def _lean(track: CodedTrack) -> CodedTrack:
    """Give the track with units, and with what an encoder tells of itself, cut short."""
    codec = track.settings.codec
    units = tuple(replace(unit, payload=_cut(codec, unit.payload)) for unit in track.units)
    configuration = track.configuration
    if codec is Codec.HEVC:  # an array of SEI follows VPS, SPS and PPS
        position = _HVCC_ARRAYS_AT + 1
        for _ in range(3):
            position += 5 + int.from_bytes(configuration[position + 3 : position + 5], "big")
        configuration = (
            configuration[:_HVCC_ARRAYS_AT]
            + b"\x03"
            + configuration[_HVCC_ARRAYS_AT + 1 : position]
        )
    return replace(track, configuration=configuration, units=units)


def _cut(codec: Codec, payload: bytes) -> bytes:
    """Cut a unit, but not the lengths of what is in it: a reader would look no further."""
    if codec is Codec.AV1:
        return payload
    if codec not in {Codec.AVC, Codec.HEVC}:
        return payload[:_UNIT_BYTES]
    cut, position = b"", 0
    while position < len(payload):
        size = int.from_bytes(payload[position : position + 4], "big")
        nal_unit = payload[position + 4 : position + 4 + min(size, _NAL_UNIT_BYTES)]
        cut += len(nal_unit).to_bytes(4, "big") + nal_unit
        position += 4 + size
    return cut


def _in_band(track: CodedTrack) -> bytes:
    """Give the parameter sets of AVC or HEVC as sized NAL units in front of a picture."""
    record, codec = track.configuration, track.settings.codec
    sets = b""
    if codec is Codec.AVC:
        sps_end = 8 + int.from_bytes(record[6:8], "big")
        pps_end = sps_end + 3 + int.from_bytes(record[sps_end + 1 : sps_end + 3], "big")
        for nal_unit in (record[8:sps_end], record[sps_end + 3 : pps_end]):
            sets += len(nal_unit).to_bytes(4, "big") + nal_unit
    elif codec is Codec.HEVC:
        position = _HVCC_ARRAYS_AT + 1
        for _ in range(3):
            size = int.from_bytes(record[position + 3 : position + 5], "big")
            sets += size.to_bytes(4, "big") + record[position + 5 : position + 5 + size]
            position += 5 + size
    return sets + track.units[0].payload


def _media(show: Show) -> list[MediaMessage]:
    metadata = MediaMessage(MediaMessageKind.DATA, 0, show.metadata().payload)
    return [
        metadata,
        *(
            MediaMessage(MediaMessageKind(message.type_id), message.timestamp_ms, message.payload)
            for message in _messages(show, 14)
        ),
    ]


def _recorded() -> Iterator[list[MediaMessage]]:
    """Give the beginnings of recordings: HDR metadata, channel maps, unknown codecs."""
    for vector in VECTORS:
        messages = vector.messages()[:12]
        yield [
            MediaMessage(MediaMessageKind(each.type_id), each.timestamp_ms, each.payload[:500])
            for each in messages
        ]


def _amf(shows: list[Show]) -> Iterator[bytes]:
    yield _connect()
    yield amf0.encode("createStream", 4, None)
    yield amf0.encode("x", [1.5, True, None, {"a": "b"}], amf0.EcmaArray({"": 0}))
    for show in shows:
        yield show.metadata().payload


def _connect() -> bytes:
    wishes: dict[str, amf0.AmfValue] = {
        "app": "live",
        "tcUrl": "rtmp://h/live",
        "flashVer": "FMLE/3.0",
        "fourCcList": ["av01", "*"],
        "capsEx": 3,
        "videoFourCcInfoMap": {"*": 4},
    }
    return amf0.encode("connect", 1, wishes)


def _rtmp(shows: list[Show]) -> Iterator[bytes]:
    for number, show in enumerate(shows):
        writer = ChunkWriter()
        sent = bytearray((_SKIPS_HANDSHAKE | number << 4,))
        commands = [
            Message(MessageType.SET_CHUNK_SIZE, 0, (4096).to_bytes(4, "big")),
            Message(MessageType.COMMAND_AMF0, 0, _connect()),
            Message(MessageType.COMMAND_AMF0, 0, amf0.encode("releaseStream", 2, None, "key")),
            Message(MessageType.COMMAND_AMF0, 0, amf0.encode("createStream", 3, None)),
            Message(
                MessageType.COMMAND_AMF0, 0, amf0.encode("publish", 4, None, "key?a=b", "live"), 1
            ),
        ]
        for message in commands:
            sent += writer.write(message, 3)
            if message.type_id == MessageType.SET_CHUNK_SIZE:
                writer.chunk_size_bytes = 4096
        media = [
            Message(m.type_id, m.timestamp_ms + number % 2 * 0xFFFFF0, m.payload, 1)
            for m in _messages(show, 10)
        ]
        if number % 3 == 1:
            media = [aggregate(media)]
        for message in [show.metadata(), *media]:
            sent += writer.write(message, (4, 70, 400)[number % 3])
        sent += writer.write(Message(MessageType.USER_CONTROL, 0, b"\0\x06\0\0\0\x09"), 2)
        sent += writer.write(
            Message(MessageType.COMMAND_AMF0, 0, amf0.encode("deleteStream", 5, None, 1)), 3
        )
        yield bytes(sent)


def _codec() -> Iterator[bytes]:
    for number, codec in enumerate(Codec):
        is_video = codec in _VIDEO
        settings: dict[str, VideoSettings | AudioSettings | None] = {"video": None, "audio": None}
        settings["video" if is_video else "audio"] = (
            VideoSettings(codec=codec, width_px=64, height_px=64, duration_s=0.3)
            if is_video
            else AudioSettings(codec=codec, duration_s=0.3, bitrate_bps=_AUDIO_BPS)
        )
        show = make_show(**settings)  # type: ignore[arg-type] # each is of its kind
        track = _lean((show.video or show.audio)[0])
        record = (_IS_RECORD | len(track.configuration)).to_bytes(2, "big") + track.configuration
        units = bytearray()
        for payload in (_in_band(track), *(unit.payload for unit in track.units[:3])):
            units += len(payload).to_bytes(2, "big") + payload
        yield bytes((number,)) + record + units
        yield bytes((number,)) + units


def _http() -> Iterator[bytes]:
    for parts in (0, 3, 21, 119):
        for query in _QUERIES:
            yield bytes((0, parts, 0)) + query.encode()
    for path in _PATHS:
        yield b"\x01" + path.encode()
    for header in _RANGES:
        yield b"\x02\x03\x04\x05\x06" + header.encode()


def _heads() -> Iterator[bytes]:
    for step, line in enumerate(_LINES):
        for fields in _FIELDS:
            head = f"{line}\r\n{fields}\r\n\r\n".encode("latin-1")
            yield bytes((step * 7,)) + head
            yield bytes((step,)) + head + head


def _keep_published() -> None:
    """Play scripts, and keep what viewers could read of them."""
    for script in _SCRIPTS:
        reader = EntryReader(bytes.fromhex(script))
        newsroom = Newsroom.open(reader)
        while not reader.is_at_end:
            newsroom.move(reader)
        publication = newsroom.publication
        multivariant, manifest = publication.multivariant(), publication.manifest()
        if manifest is not None:
            _keep("mpd", [manifest.identity])
        for rendition in publication.renditions.values():
            full = rendition.playlist().identity
            texts = [rendition.playlist(skip=True).identity]
            if multivariant is not None:
                texts.append(multivariant.identity)
            _keep("playlist", (len(full).to_bytes(2, "big") + full + text for text in texts))
            init = rendition.init_segment(1) or b""
            timeline = rendition.timeline
            parts = [
                body
                for number in range(timeline.oldest_part_number, timeline.next_part_number)
                if isinstance(body := rendition.part(number), bytes)
            ]
            _keep("mp4", [len(init).to_bytes(2, "big") + init + b"".join(parts[:2])])


def _keep(name: str, entries: Iterable[bytes]) -> None:
    folder = _FOLDER / name
    folder.mkdir(parents=True, exist_ok=True)
    for entry in entries:
        whole = entry[: TARGETS[name].max_bytes]
        (folder / hashlib.sha256(whole).hexdigest()[:16]).write_bytes(whole)


if __name__ == "__main__":
    main()
