"""Blocks: /me/blocks."""

from accounts.api.model import ApiModel, Listing, PageQuery, UtcTime
from accounts.api.operation import USER, Call, operation
from accounts.api.resources.channel_problems import WRITE_REFUSALS, explained
from accounts.api.resources.channel_views import PersonView, person_view
from accounts.api.resources.cursors import read_cursor
from accounts.channels.blocks import Block, Blocks


class BlockView(ApiModel):
    """Somebody whom the caller has blocked."""

    person: PersonView
    since: UtcTime


class BlocksResource:
    """Blocks and unblocks."""

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks

    @operation("GET", "/me/blocks", tag="blocks", access=USER, scope="follows:read")
    async def list_blocks(self, call: Call, query: PageQuery) -> Listing[BlockView]:
        """List whom the caller has blocked, the newest first."""
        cursor = read_cursor(query, int, str)
        page = await self._blocks.of_account(call.account_id, cursor, query.limit)
        return Listing[BlockView].of(page, _view)

    @operation(
        "PUT",
        "/me/blocks/{account}",
        tag="blocks",
        access=USER,
        scope="follows:write",
        problems=WRITE_REFUSALS,
    )
    async def put_block(self, call: Call, account: str) -> None:
        """Block an account from all of the caller's channels.

        It follows, moderates and is let in to them no more. What anybody may watch it can watch
        all the same, as it could without an account.
        """
        with explained():
            await self._blocks.put(call.account_id, account)

    @operation("DELETE", "/me/blocks/{account}", tag="blocks", access=USER, scope="follows:write")
    async def delete_block(self, call: Call, account: str) -> None:
        """Unblock an account."""
        await self._blocks.remove(call.account_id, account)


def _view(block: Block) -> BlockView:
    return BlockView(person=person_view(block.person), since=block.since_ms)
