"""What a browser is told. Pure."""

import json
from typing import Final

from accounts.api.model import utc_text
from accounts.push.encryption import PLAIN_BYTES

_CUT: Final = "…"


def alert_bytes(
    *, notice_id: str, kind: str, channel: str, title: str, broadcast_id: str, at_ms: int
) -> bytes:
    """Write an alert as the service worker gets it; a title that is too long is cut."""

    def written(shown: str) -> bytes:
        members = {
            "type": "notification",
            "notificationId": notice_id,
            "kind": kind,
            "channel": channel,
            "title": shown,
            "broadcastId": broadcast_id,
            "at": utc_text(at_ms),
        }
        return json.dumps(members, ensure_ascii=False, separators=(",", ":")).encode()

    shown = title
    while len(made := written(shown)) > PLAIN_BYTES:
        shown = shown.removesuffix(_CUT)[: len(shown) // 2] + _CUT
    return made
