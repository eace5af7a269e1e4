"""The connect command and its answer (RTMP 1.0 section 7.2.1.1, Enhanced RTMP v2)."""

from dataclasses import dataclass, field

from ingest.rtmp.amf import AmfValue
from ingest.rtmp.command import Command, write_command
from ingest.rtmp.message import Message

_MAX_ENCODER_CHARACTERS = 128  # it ends up in logs and on pages
_CAN_FORWARD = 4  # FourCcInfoMask (Enhanced RTMP v2, "Enhancing NetConnection connect command")
_CAPS_MULTITRACK = 2
_CAPS_MOD_EX = 4
_VIDEO_FOURCCS = ("avc1", "hvc1", "av01", "vp09")
_AUDIO_FOURCCS = ("mp4a", "Opus", "fLaC", "ac-3", "ec-3")
_ENHANCED_KEYS = frozenset({"fourCcList", "videoFourCcInfoMap", "audioFourCcInfoMap", "capsEx"})


@dataclass(frozen=True, slots=True)
class ConnectRequest:
    """What a peer says of itself and of where it wants to go.

    `app` and `tc_url` are raw: they may hold a key or a query, and are never printed.
    `is_enhanced` says whether it speaks of Enhanced RTMP at all. OBS publishes HEVC and AV1
    without a word of it, so that nothing may depend on this but the form of the answer.
    """

    transaction_id: float
    app: str = field(repr=False)
    tc_url: str = field(repr=False)
    encoder: str
    is_enhanced: bool


def read_connect(command: Command) -> ConnectRequest:
    """Read a connect command. Everything in it may be missing."""
    properties = command.properties(0)
    tc_url = properties.get("tcUrl", properties.get("tcurl"))
    app = properties.get("app")
    encoder = properties.get("flashVer")
    return ConnectRequest(
        transaction_id=command.transaction_id,
        app=_unquoted(app),
        tc_url=_unquoted(tc_url),
        encoder="".join(filter(str.isprintable, _unquoted(encoder)[:_MAX_ENCODER_CHARACTERS])),
        is_enhanced=not _ENHANCED_KEYS.isdisjoint(properties),
    )


def connect_result(request: ConnectRequest) -> Message:
    """Write the answer that lets a peer in.

    GStreamer needs both objects and a `code` in the second. Enhanced RTMP keys are for those who
    used them first.
    """
    properties: dict[str, AmfValue] = {
        "fmsVer": "FMS/3,5,7,7009",
        "capabilities": 31.0,
        "mode": 1.0,
    }
    status: dict[str, AmfValue] = {
        "level": "status",
        "code": "NetConnection.Connect.Success",
        "description": "Connection succeeded.",
        "objectEncoding": 0.0,
    }
    if request.is_enhanced:
        status["videoFourCcInfoMap"] = {name: float(_CAN_FORWARD) for name in _VIDEO_FOURCCS}
        status["audioFourCcInfoMap"] = {name: float(_CAN_FORWARD) for name in _AUDIO_FOURCCS}
        status["fourCcList"] = [*_VIDEO_FOURCCS, *_AUDIO_FOURCCS]
        status["capsEx"] = float(_CAPS_MULTITRACK | _CAPS_MOD_EX)
    return write_command("_result", request.transaction_id, properties, status)


def _unquoted(value: AmfValue) -> str:
    """Take off the quotes that some encoders leave around what was pasted into them."""
    return value.strip().strip("'\"") if isinstance(value, str) else ""
