"""Rows of channels: what to select of them, with their tags, and Channels made of that."""

from typing import Any, Final

from sqlalchemy import Select, select

from accounts.channels.channel import Channel
from accounts.channels.tables import channel_tags, channels
from accounts.channels.visibility import Visibility
from accounts.storage.json_list import json_list

_tags = (
    select(channel_tags.c.tag)
    .where(channel_tags.c.channel_id == channels.c.id)
    .order_by(channel_tags.c.position)
    .correlate(channels)
    .subquery("tags_in_order")
)
TAGS: Final = select(json_list(_tags.c.tag)).scalar_subquery().label("tags")
"""The tags of a row of `channels`, in their order; None or an empty list if it has none."""

_NAMES: Final = tuple(column.name for column in channels.c)


def select_channels() -> Select[Any]:
    """Select what `channel_of` reads; more columns may follow."""
    return select(channels, TAGS)


def channel_of(row: Any) -> Channel:
    """Make a Channel of a row that begins as `select_channels` says."""
    values = dict(zip(_NAMES, row, strict=False))
    values["visibility"] = Visibility(values["visibility"])
    return Channel(**values, tags=tuple(row[len(_NAMES)] or ()))
