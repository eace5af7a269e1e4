"""Answers to the commands that change nothing on this server.

Encoders send them because Flash Media Server had them, and some wait for what it said.
"""

from ingest.rtmp.amf import UNDEFINED
from ingest.rtmp.command import Command, write_command
from ingest.rtmp.message import Message
from ingest.rtmp.status import StatusCode, on_status

_REPLIES = frozenset({"_result", "_error", "onStatus"})
_ACKNOWLEDGED = frozenset({"_checkbw", "FCSubscribe", "releaseStream"})
_PLAY_COMMANDS = frozenset({"play", "play2"})


def answer(command: Command) -> list[Message]:
    """Return what to say to a command that is neither connect, createStream, publish nor goodbye.

    Nothing to a notification or a reply; an error to a call that nobody knows, which ffmpeg and
    OBS take as a warning.
    """
    match command.name:
        case name if name in _REPLIES:
            return []
        case name if name in _ACKNOWLEDGED:
            return [_result(command)]
        case "FCPublish":
            # Wirecast and old FMLE wait for the notification, all others ignore it.
            status = {
                "level": "status",
                "code": StatusCode.PUBLISH_START.value,
                "description": "FCPublish accepted.",
            }
            return [_result(command), write_command("onFCPublish", 0.0, None, {**status})]
        case "getStreamLength":
            return [write_command("_result", command.transaction_id, None, 0.0)]
        case name if name in _PLAY_COMMANDS:
            text = "This server plays nothing over RTMP; open its web page to watch."
            return [on_status(StatusCode.PLAY_FAILED, text, command.message_stream_id)]
        case _ if command.transaction_id:
            return [_unknown_call(command)]
        case _:
            return []


def _result(command: Command) -> Message:
    return write_command("_result", command.transaction_id, None, UNDEFINED)


def _unknown_call(command: Command) -> Message:
    status = {
        "level": "error",
        "code": "NetConnection.Call.Failed",
        "description": "Unknown command.",
    }
    return write_command("_error", command.transaction_id, None, {**status})
