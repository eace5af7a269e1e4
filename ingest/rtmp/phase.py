"""How far a connection has come, and what is allowed to happen next."""

from enum import Enum


class Phase(Enum):
    """The states of a server connection."""

    HANDSHAKING = "handshaking"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    REQUESTED = "requested"
    PUBLISHING = "publishing"
    CLOSING = "closing"


class Step(Enum):
    """What moves a connection on: the first four by the peer, the others by this server."""

    SHAKE_HANDS = "shake-hands"
    CONNECT = "connect"
    PUBLISH = "publish"
    UNPUBLISH = "unpublish"
    ACCEPT = "accept"
    REJECT = "reject"
    STOP = "stop"


TRANSITIONS: dict[Phase, dict[Step, Phase]] = {
    Phase.HANDSHAKING: {Step.SHAKE_HANDS: Phase.CONNECTING, Step.STOP: Phase.CLOSING},
    Phase.CONNECTING: {Step.CONNECT: Phase.CONNECTED, Step.STOP: Phase.CLOSING},
    Phase.CONNECTED: {Step.PUBLISH: Phase.REQUESTED, Step.STOP: Phase.CLOSING},
    Phase.REQUESTED: {
        Step.ACCEPT: Phase.PUBLISHING,
        Step.REJECT: Phase.CLOSING,
        Step.UNPUBLISH: Phase.CONNECTED,
        Step.STOP: Phase.CLOSING,
    },
    Phase.PUBLISHING: {Step.UNPUBLISH: Phase.CONNECTED, Step.STOP: Phase.CLOSING},
    Phase.CLOSING: {Step.STOP: Phase.CLOSING},
}
