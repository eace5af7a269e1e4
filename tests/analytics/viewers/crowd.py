"""Crowd: players of every kind, a ledger that counts them, and a clock that both go by."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from analytics.viewers.guest import Guest, GuestBook, viewer_hash
from analytics.viewers.ledger import Ledger
from analytics.viewers.seat import Audience, Seat
from analytics.viewers.session_id import SessionIds
from analytics.viewers.settings import ViewersSettings
from analytics.viewers.spell import Spell, SpellEnd
from analytics.viewers.spell_book import SpellBook

BROWSER = "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0"
SAFARI = "AppleCoreMedia/1.0.0 (iPhone)"
BEAT_MS = 250
AHEAD_MS = 1_790_000_000_000
PROXY = "127.0.0.1"


@dataclass(frozen=True)
class Fields:
    """What a request says of its sender."""

    user_agent: str | None
    forwarded_for: str | None = None


@dataclass
class Shows:
    """What is on air: a video, its smaller form, and the sound, on every channel."""

    target_s: int = 2
    channels: tuple[str, ...] = ("ada",)

    def target_duration_s(self, channel: str) -> int:
        del channel
        return self.target_s

    def is_video(self, channel: str, rendition: str) -> bool:
        del channel
        return rendition.startswith("video")

    def live_channels(self) -> Iterable[str]:
        return self.channels


class Crowd:
    """A ledger and the moment. `told` is every count that was told, in order."""

    def __init__(self, shows: Shows | None = None, **settings: int) -> None:
        self.now = 1_000_000
        self.told: list[tuple[str, int]] = []
        self.rows: dict[int, Spell] = {}
        self.book = SpellBook(AHEAD_MS)
        chance = iter(range(1, 1_000_000))
        self.ids = SessionIds((b"key",), lambda count: next(chance).to_bytes(count))
        self.ledger = Ledger(
            ViewersSettings(**settings),  # type: ignore[arg-type] # by name
            self.ids,
            shows or Shows(),
            self.book,
            tell=lambda channel, viewers: self.told.append((channel, viewers)),
            hash_viewer=hashed,
            now=self.now,
        )
        self.audience = Audience(self.ledger, self.ids, GuestBook(b"secret"), frozenset({PROXY}))

    def wait(self, ms: int) -> None:
        """Let time go on."""
        for _ in range(ms // BEAT_MS):
            self.now += BEAT_MS
            self.ledger.beat(self.now)

    @property
    def viewers(self) -> int:
        """How many are counted on "ada"."""
        tally = self.ledger.tallies.get("ada")
        return 0 if tally is None else tally.viewers

    def written(self) -> dict[int, Spell]:
        """Hand over what is to be written, and return it as rows."""
        for item in self.book.take(self.ledger.now, 1_000_000):
            if isinstance(item, SpellEnd):
                self.rows[item.number] = closed(self.rows[item.number], item.ended_ms)
            else:
                self.rows[item.number] = item
        return self.rows


@dataclass
class Player:
    """Somebody at an address with a program; keeps its connection, as players do."""

    crowd: Crowd
    address: str = "198.51.100.1"
    agent: str = BROWSER
    channel: str = "ada"
    forwarded_for: str | None = None
    sid: bytes | None = None
    seat: Seat = field(init=False)

    def __post_init__(self) -> None:
        self.fields = Fields(self.agent, self.forwarded_for)
        self.seat = self.crowd.audience.seat(self.address)

    def start(self) -> "Player":
        """Fetch the multivariant playlist."""
        self.sid = self.crowd.audience.session_for(self.channel, None)
        return self

    def reload(self) -> None:
        """Load the page again: a new connection and a new session."""
        self.seat = self.crowd.audience.seat(self.address)
        self.start()

    def ask(self, rendition: str = "video") -> None:
        self.seat.sid = self.sid
        self.seat.see_playlist(self.channel, rendition, self.fields)

    def part(self) -> None:
        self.seat.sid = None
        self.seat.see_media()

    def hang_up(self) -> None:
        self.seat.hang_up()


def hashed(guest: Guest) -> str:
    return viewer_hash(b"salt", guest)


def closed(spell: Spell, ended_ms: int) -> Spell:
    return spell._replace(ended_ms=ended_ms, is_open=False)
