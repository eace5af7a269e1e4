"""ViewGate: whether a request for live media may be answered. Asked for every one of them.

No database, no await: what it must know lies in LiveRules. A player asks several times a second
with the same token, so that the signature is checked once and remembered.
"""

from enum import Enum
from typing import Final

from accounts.channels.live_rules import ChannelRule, LiveRules
from accounts.channels.playback_token import PlaybackClaim, PlaybackKeys, read_playback_token

_REMEMBERED_TOKENS: Final = 65_536  # some 20 MB at most; only genuine ones are remembered


class View(Enum):
    """What becomes of a request."""

    SHARED = "shared"  # anybody may watch: shared caches may keep the answer
    PERSONAL = "personal"  # this viewer may: nobody else's cache may keep it
    UNKNOWN = "unknown"  # as if there were no such channel
    OVER = "over"  # the token was genuine, but its time is over or it was taken back


class ViewGate:
    """Decides by the rules and the keys that it was given. One event loop; never raises."""

    def __init__(self, rules: LiveRules, keys: PlaybackKeys) -> None:
        self._rules = rules
        self._keys = keys
        self._claims: dict[tuple[str, str], PlaybackClaim] = {}

    def authorize_view(self, channel: str, token: str | None, now_ms: int) -> View:
        """Decide on one request; `channel` and `token` are as they stand in the URL."""
        rule = self._rules.get(channel)
        if rule is None or rule.is_closed:
            return View.UNKNOWN
        if not rule.visibility.needs_token:
            return View.SHARED if token is None else View.PERSONAL
        if token is None:
            return View.UNKNOWN
        claim = self._claims.get((rule.channel_id, token)) or self._read(rule, token)
        if claim is None:
            return View.UNKNOWN
        if now_ms >= claim.expires_ms or claim.issued_ms <= rule.tokens_void_ms:
            return View.OVER
        void_ms = rule.shut_out.get(claim.viewer)
        return View.PERSONAL if void_ms is None or claim.issued_ms > void_ms else View.OVER

    def is_listed(self, channel: str) -> bool:
        """Whether the channel may be named to people who do not know of it."""
        rule = self._rules.get(channel)
        return rule is not None and not rule.is_closed and rule.visibility.is_listed

    def _read(self, rule: ChannelRule, token: str) -> PlaybackClaim | None:
        claim = read_playback_token(self._keys, rule.channel_id, token)
        if claim is not None:
            if len(self._claims) >= _REMEMBERED_TOKENS:
                # The oldest went in first; who still uses it pays for one more signature.
                del self._claims[next(iter(self._claims))]
            self._claims[rule.channel_id, token] = claim
        return claim
