"""ChannelSide: the channel side of accounts, put together with what ingests and serves shows."""

import asyncio
import contextlib
from collections.abc import Sequence

import structlog
from sqlalchemy import select

from accounts.api.resources.admin_channels import AdminChannelsResource
from accounts.api.resources.blocks import BlocksResource
from accounts.api.resources.broadcasts import BroadcastsResource
from accounts.api.resources.channel_people import ChannelPeopleResource
from accounts.api.resources.channels import ChannelsResource
from accounts.api.resources.directory import DirectoryResource
from accounts.api.resources.follows import FollowsResource
from accounts.api.resources.keys import KeysResource
from accounts.api.resources.moderators import ModeratorsResource
from accounts.api.resources.playback import PlaybackResource
from accounts.channels.administration import Administration
from accounts.channels.blocks import Blocks
from accounts.channels.broadcast_recorder import QUEUE_CAPACITY, BroadcastRecorder
from accounts.channels.broadcasts import Broadcasts
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
from accounts.channels.publish_gate import PublishGate
from accounts.channels.settings import ChannelsSettings
from accounts.channels.stream_keys import StreamKeys
from accounts.channels.tables import channels
from accounts.channels.view_gate import ViewGate
from accounts.channels.viewer_bans import ViewerBans
from accounts.images import PictureFolder
from accounts.key_ring import KeyRing
from accounts.ports import Clock, Emit
from accounts.search.index import SearchIndex
from accounts.storage import Database, StorageError
from analytics.operations.state import QueueState
from config.account_authorizers import AccountPublishAuthorizer, AccountViewerAuthorizer
from config.channel_catalogue import ChannelCatalogue
from config.figures_access import ChannelFiguresAccess
from config.live_facts import LiveFacts
from config.live_reach import LiveReach
from packager.cadence import LatencyProfile
from packager.events import PackagerEvent
from packager.live import Publications
from packager.settings import PackagerSettings
from packager.show_terms import ShowTerms

_log: structlog.stdlib.BoundLogger = structlog.get_logger("accounts.channels")

_PLAYBACK_PURPOSE = "rillcast playback tokens"


def channels_context(
    database: Database, clock: Clock, emit: Emit, settings: ChannelsSettings
) -> ChannelsContext:
    """Make what services need in a process without live channels: the command line's."""
    search = SearchIndex(is_sqlite=database.is_sqlite)
    return ChannelsContext(database, clock, emit, settings, search)


class ChannelSide:
    """Services, gates and tasks of one server. Start, run and stop it once."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        emit: Emit,
        settings: ChannelsSettings,
        packager: PackagerSettings,
        key_ring: KeyRing,
        pictures: PictureFolder,
        publications: Publications,
    ) -> None:
        self._database = database
        self._packager = packager
        self.reach = LiveReach(publications)
        self._rules = LiveRules()
        self._desk = LiveDesk(database, clock, settings, self._rules, self.reach)
        derived = key_ring.derive(_PLAYBACK_PURPOSE)
        older = [key for key_id, key in derived.by_id.items() if key_id != derived.newest_id]
        keys = PlaybackKeys([derived.newest, *reversed(older)])
        context = ChannelsContext(
            database,
            clock,
            emit,
            settings,
            SearchIndex(is_sqlite=database.is_sqlite),
            self._desk.enforce,
        )
        self.figures_access = ChannelFiguresAccess(context)
        self.catalogue = ChannelCatalogue(context)
        self.recorder = BroadcastRecorder(context)
        self._key_uses = KeyUses(database)
        self._facts = LiveFacts(publications, clock)
        self.channels = Channels(context)
        self.moderators = Moderators(context)
        self.viewer_bans = ViewerBans(context)
        self.playback = Playback(context, keys)
        self.publish_authorizer = AccountPublishAuthorizer(
            PublishGate(database, clock, self._desk, self._key_uses)
        )
        self.viewer_authorizer = AccountViewerAuthorizer(ViewGate(self._rules, keys), clock)
        self.resources: Sequence[object] = (
            ChannelsResource(self.channels, pictures),
            KeysResource(StreamKeys(context)),
            FollowsResource(Follows(context)),
            BlocksResource(Blocks(context)),
            ModeratorsResource(self.moderators, self.viewer_bans),
            ChannelPeopleResource(PersonLookup(context)),
            BroadcastsResource(Broadcasts(context)),
            DirectoryResource(Directory(context)),
            PlaybackResource(self.playback),
            AdminChannelsResource(Administration(context, self.reach)),
        )
        self._tasks: list[asyncio.Task[None]] = []

    def terms_of(self, channel: str) -> ShowTerms:
        """Return how a channel wants its shows."""
        rule = self._rules.get(channel)
        if rule is None:
            return self._packager.terms_of(channel)
        return ShowTerms(LatencyProfile(rule.latency_profile), rule.grace_s)

    def id_of(self, channel: str) -> str | None:
        """Return the id of a channel that is, or was lately, on air here."""
        rule = self._rules.get(channel)
        return None if rule is None else rule.channel_id

    def channel_id(self, channel: str) -> str | None:
        """Do as `id_of`: this is analytics' LiveIds."""
        return self.id_of(channel)

    def broadcast_id(self, channel: str) -> str | None:
        """Return the id of the broadcast that a channel has now, once it is written down."""
        return self.recorder.broadcast_id(channel)

    def note_packager(self, event: PackagerEvent) -> None:
        """Take what happens to shows, to be written down."""
        fact = self._facts.of(event)
        if fact is not None:
            self.recorder.note(fact)

    def queues(self) -> Sequence[QueueState]:
        """Say how full the queue of what happens to shows is."""
        recorder = self.recorder
        return (QueueState("broadcasts", len(recorder), QUEUE_CAPACITY, recorder.dropped_count),)

    async def prepare(self) -> None:
        """Learn the rules of what was live when the server stopped: before shows are recovered."""
        async with self._database.reading() as connection:
            names = await connection.scalars(
                select(channels.c.name).where(channels.c.live_since_ms.is_not(None))
            )
            was_live = names.all()
        await self._desk.load(was_live)

    async def start(self) -> None:
        """Go on with, or close, what was live before; then look after what is."""
        await self._desk.load(self.reach.live_channels())
        for name in self.reach.live_channels():
            await self._desk.enforce(name)  # banned or deleted while the server was away
        await self.recorder.recover(self.reach.epochs(), is_alone=self._database.is_sqlite)
        self._tasks = [
            asyncio.create_task(self._desk.run(), name="live-desk"),
            asyncio.create_task(self.recorder.run(), name="broadcast-recorder"),
            asyncio.create_task(self._key_uses.run(), name="key-uses"),
        ]

    async def stop(self) -> None:
        """End the tasks and write what is left to be written."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        if self._tasks:
            try:
                await self.recorder.drain()
                await self._key_uses.write()
            except StorageError as error:
                _log.warning("broadcasts not written down at the end", reason=str(error))
        self._tasks = []
