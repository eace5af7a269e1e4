"""What is listed: /directory and /search."""

from enum import StrEnum

from pydantic import Field

from accounts.api.model import ApiModel, Listing, PageQuery
from accounts.api.operation import ANYBODY, Call, operation
from accounts.api.resources.broadcasts import BroadcastCard, broadcast_card
from accounts.api.resources.channel_views import ChannelCard, channel_card
from accounts.api.resources.cursors import read_cursor
from accounts.api.throttle import Throttle
from accounts.channels.channel import Channel
from accounts.channels.directory import CategoryCount, Directory, Filter
from accounts.channels.written_text import LANGUAGE_CHARACTERS, TAG_CHARACTERS
from accounts.search.terms import QUERY_CHARACTERS
from accounts.storage import Page

_SEARCH = Throttle("search", burst=30, per_minute=120)
# A list of a hundred costs ten milliseconds of a processor that live streams share: one network may
# take a tenth of it, which is some fifty home pages.
_LISTS = Throttle("lists", burst=120, per_minute=600)


class Order(StrEnum):
    """What comes first among what is live."""

    NEWEST = "newest"
    VIEWERS = "viewers"


class FilterQuery(PageQuery):
    """Which channels a list is about."""

    category: str | None = Field(None, max_length=32)
    tag: str | None = Field(None, max_length=4 * TAG_CHARACTERS)
    language: str | None = Field(
        None, max_length=LANGUAGE_CHARACTERS, description="BCP 47; pt finds pt-BR, too."
    )
    mature: bool = Field(True, description="False leaves out what is not for everybody.")

    def wanted(self) -> Filter:
        """Say it in the terms of the directory."""
        return Filter(
            category=self.category,
            tag=self.tag,
            language=self.language,
            includes_mature=self.mature,
        )


class LiveQuery(FilterQuery):
    """Which live channels, and in which order."""

    order: Order = Field(
        Order.NEWEST, description="By viewers: counts move, and so may channels between pages."
    )


class SearchQuery(FilterQuery):
    """What to search for."""

    q: str = Field(
        min_length=1,
        max_length=QUERY_CHARACTERS,
        description="Words; all must be there, the last may be only begun.",
    )


class CategoryView(ApiModel):
    """A category that channels can have."""

    category: str
    live_count: int


class DirectoryResource:
    """Lists and finds what anybody may know of."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    @operation("GET", "/directory/live", tag="directory", access=ANYBODY, throttle=_LISTS)
    async def list_live(self, call: Call, query: LiveQuery) -> Listing[ChannelCard]:  # noqa: ARG002 - operations take the call
        """List what is live now, the newest first."""
        cursor = read_cursor(query, int, str)
        read = self._directory.live if query.order is Order.NEWEST else self._directory.most_watched
        return _channels(await read(query.wanted(), cursor, query.limit))

    @operation("GET", "/directory/recent", tag="directory", access=ANYBODY, throttle=_LISTS)
    async def list_recent(self, call: Call, query: FilterQuery) -> Listing[ChannelCard]:  # noqa: ARG002 - as above
        """List what was live lately and is off air again, the latest first."""
        cursor = read_cursor(query, int, str)
        page = await self._directory.lately_live(query.wanted(), cursor, query.limit)
        return _channels(page)

    @operation("GET", "/directory/channels", tag="directory", access=ANYBODY, throttle=_LISTS)
    async def list_channels(self, call: Call, query: FilterQuery) -> Listing[ChannelCard]:  # noqa: ARG002 - as above
        """List all channels, the newest first."""
        cursor = read_cursor(query, int, str)
        return _channels(await self._directory.newest(query.wanted(), cursor, query.limit))

    @operation("GET", "/directory/categories", tag="directory", access=ANYBODY, throttle=_LISTS)
    async def list_categories(self, call: Call) -> Listing[CategoryView]:  # noqa: ARG002 - as above
        """List the categories that there are, and how many channels of each are live."""
        found = await self._directory.categories()
        return Listing[CategoryView].of(Page(found, None), _category_view)

    @operation("GET", "/search/channels", tag="directory", access=ANYBODY, throttle=_SEARCH)
    async def search_channels(self, call: Call, query: SearchQuery) -> Listing[ChannelCard]:  # noqa: ARG002 - as above
        """Search channels by name, title, tags, category and description.

        First comes the channel of that name, then what fits by name, title or tags, then the
        rest; among equals what was active last.
        """
        cursor = read_cursor(query, int, int, str)
        page = await self._directory.search_channels(query.q, query.wanted(), cursor, query.limit)
        return _channels(page)

    @operation("GET", "/search/broadcasts", tag="directory", access=ANYBODY, throttle=_SEARCH)
    async def search_broadcasts(self, call: Call, query: SearchQuery) -> Listing[BroadcastCard]:  # noqa: ARG002 - as above
        """Search broadcasts of public channels by any title they had, channel, tags and category.

        The newest come first among those that fit by title.
        """
        cursor = read_cursor(query, int, int, str)
        page = await self._directory.search_broadcasts(query.q, query.wanted(), cursor, query.limit)
        return Listing[BroadcastCard].of(page, broadcast_card)


def _channels(page: Page[Channel]) -> Listing[ChannelCard]:
    return Listing[ChannelCard].of(page, channel_card)


def _category_view(count: CategoryCount) -> CategoryView:
    return CategoryView(category=count.category, live_count=count.live_count)
