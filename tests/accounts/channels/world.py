"""World: every service of the channel side on one database, and what they told the outside."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import insert, update

from accounts.channels.account_changes import account_closed_or_opened
from accounts.channels.administration import Administration
from accounts.channels.blocks import Blocks
from accounts.channels.broadcast_recorder import BroadcastRecorder
from accounts.channels.broadcasts import Broadcasts
from accounts.channels.channel import Channel, ChannelEdit
from accounts.channels.channels import Channels
from accounts.channels.context import ChannelsContext
from accounts.channels.directory import Directory
from accounts.channels.follows import Follows
from accounts.channels.key_uses import KeyUses
from accounts.channels.live_desk import LiveDesk
from accounts.channels.live_rules import LiveRules
from accounts.channels.moderators import Moderators
from accounts.channels.person_lookup import PersonLookup
from accounts.channels.playback import Playback
from accounts.channels.playback_token import PlaybackKeys
from accounts.channels.publish_gate import Admitted, NotAdmitted, PublishGate
from accounts.channels.settings import ChannelsSettings
from accounts.channels.sight import Asker
from accounts.channels.stream_keys import StreamKeys
from accounts.channels.view_gate import ViewGate
from accounts.channels.viewer_bans import ViewerBans
from accounts.events import AccountsEvent
from accounts.people.profile_text import name_key_of
from accounts.people.tables import accounts
from accounts.search.index import SearchIndex
from accounts.storage import Database

ANYBODY = Asker(None)
ADMIN = Asker("acc_ADMIN", is_admin=True)
OWNER = Asker("acc_OWNER")
FAN = Asker("acc_FAN")
OTHER = Asker("acc_OTHER")
PEOPLE = {"acc_ADMIN": "Ada", "acc_OWNER": "Olga", "acc_FAN": "Fay", "acc_OTHER": "Otto"}
START_MS = 1_800_000_000_000
KEYS = PlaybackKeys([b"k" * 32])


def any_revision(revision: object) -> None:
    """Take whatever is there: for tests of something else."""


@dataclass
class Control:
    """Stands for ingest and the packager: who is live, and who was cut."""

    live: set[str] = field(default_factory=set)
    on_air: dict[str, str] = field(default_factory=dict)
    cuts: list[tuple[str, bool]] = field(default_factory=list)

    def live_channels(self) -> set[str]:
        return set(self.live)

    def principal_of(self, channel: str) -> str | None:
        return self.on_air.get(channel)

    def begin(self, admitted: Admitted | NotAdmitted) -> None:
        """Put on air whom the gate let in."""
        assert isinstance(admitted, Admitted)
        self.live.add(admitted.channel)
        self.on_air[admitted.channel] = admitted.principal

    def cut(self, channel: str, reason: str, *, ends_show: bool) -> bool:
        assert reason
        if channel not in self.live:
            return False
        self.on_air.pop(channel, None)
        self.cuts.append((channel, ends_show))
        if ends_show:
            self.live.discard(channel)
        return True


class World:
    """Everything that tests call."""

    def __init__(self, database: Database, settings: ChannelsSettings | None = None) -> None:
        self.database = database
        self.now_ms = START_MS
        self.events: list[AccountsEvent] = []
        self.listeners: list[Callable[[AccountsEvent], None]] = []
        self.control = Control()
        self.rules = LiveRules()
        self.settings = settings or ChannelsSettings()
        self.desk = LiveDesk(database, self.clock, self.settings, self.rules, self.control)
        context = ChannelsContext(
            database=database,
            clock=self.clock,
            emit=self.emit,
            settings=self.settings,
            search=SearchIndex(is_sqlite=database.is_sqlite),
            enforce=self.desk.enforce,
        )
        self.context = context
        self.channels = Channels(context)
        self.key_uses = KeyUses(database)
        self.keys = StreamKeys(context)
        self.follows = Follows(context)
        self.blocks = Blocks(context)
        self.moderators = Moderators(context)
        self.viewer_bans = ViewerBans(context)
        self.lookup = PersonLookup(context)
        self.playback = Playback(context, KEYS)
        self.broadcasts = Broadcasts(context)
        self.recorder = BroadcastRecorder(context)
        self.directory = Directory(context)
        self.administration = Administration(context, self.control)
        self.publish_gate = PublishGate(database, self.clock, self.desk, self.key_uses)
        self.view_gate = ViewGate(self.rules, KEYS)

    def emit(self, event: AccountsEvent) -> None:
        self.events.append(event)
        for listener in self.listeners:
            listener(event)

    def clock(self) -> int:
        return self.now_ms

    def told(self, kind: type[AccountsEvent]) -> list[AccountsEvent]:
        return [event for event in self.events if type(event) is kind]

    async def populate(self) -> None:
        for account_id, name in PEOPLE.items():
            await self.add_person(account_id, name)

    async def add_person(self, account_id: str, name: str) -> Asker:
        async with self.database.writing() as connection:
            await connection.execute(
                insert(accounts).values(
                    id=account_id,
                    email=f"{account_id}@example.org",
                    email_key=f"{account_id}@example.org".lower(),
                    role="admin" if account_id == "acc_ADMIN" else "user",
                    display_name=name,
                    name_key=name_key_of(name),
                    bio="",
                    links=[],
                    revision=1,
                    created_at_ms=START_MS,
                )
            )
        return Asker(account_id)

    async def suspend(self, account_id: str, *, suspended: bool = True) -> None:
        async with self.database.writing() as connection:
            await connection.execute(
                update(accounts)
                .where(accounts.c.id == account_id)
                .values(suspended_at_ms=self.now_ms if suspended else None)
            )
            await account_closed_or_opened(connection, account_id, self.now_ms)

    async def channel(self, name: str = "studio", owner: Asker = OWNER, **edit: object) -> Channel:
        assert owner.account_id is not None
        return await self.channels.create(owner.account_id, name, ChannelEdit(**edit))  # type: ignore[arg-type] # tests name the fields
