"""Session: one player, from its second request to its silence."""

from analytics.viewers.tally import ChannelTally


class Session:
    """What is known of one player. There may be hundreds of thousands: no dict, few objects.

    Moments are steady milliseconds, as the ledger counts them. `sid` is what its requests show:
    None for a player without a name of its own, and no such thing once the session is over.
    `key` finds it, `name` is what is written down, `came_by` tells from where its last requests
    came. `main` is the rendition that it is counted for, None until it is known to be a player;
    `side` is the first that it asked for until then, and then a second one at the same time, such
    as the sound of a picture; `looked_at` are others until then. `seen` is when it last asked.

    `number`, `since` and `since_unix_ms` are those of its spell; `is_written` says that the spell
    has been handed over to be written. `viewer` is the hash of the day. `claim` is a session of the
    same visitor that this one may have replaced, and then that one `is_claimed`. `is_exempt`: it
    began at an address that any number of people may share.
    """

    __slots__ = (
        "began",
        "came_by",
        "claim",
        "is_claimed",
        "is_counted",
        "is_exempt",
        "is_written",
        "key",
        "looked_at",
        "main",
        "main_seen",
        "name",
        "number",
        "origin",
        "origins",
        "player",
        "seen",
        "sid",
        "side",
        "side_seen",
        "since",
        "since_unix_ms",
        "tally",
        "viewer",
        "visitor",
        "vouched_ms",
    )

    def __init__(  # noqa: PLR0917 - as many of these are made as there are viewers
        self,
        key: bytes,
        sid: bytes | None,
        tally: ChannelTally["Session"],
        player: str,
        origin: int,
        visitor: int,
        now: int,
    ) -> None:
        self.key = key
        self.sid = sid
        self.name = ""
        self.came_by = 0
        self.tally = tally
        self.player = player
        self.origin = origin
        self.origins: tuple[int, ...] = ()
        self.visitor = visitor
        self.viewer = ""
        self.began = now
        self.vouched_ms = 0
        self.seen = now
        self.main: str | None = None
        self.main_seen = now
        self.side: str | None = None
        self.looked_at: tuple[str, ...] = ()
        self.side_seen = 0
        self.since = now
        self.since_unix_ms = 0
        self.number = 0
        self.is_written = False
        self.is_counted = False
        self.is_exempt = False
        self.is_claimed = False
        self.claim: Session | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing of it counts any more."""
        return self.sid == OVER


OVER = b""
"""The `sid` of a session that is over: no request shows it."""
