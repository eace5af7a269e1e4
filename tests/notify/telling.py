"""Events to tell in tests, and numbers to know them by."""

import json
from typing import Any

from notify.bus import Bus
from notify.events import ChannelChanged
from notify.notice import Notice
from notify.replay_ring import ReplayRing
from notify.topic import Key


def bus(capacity: int = 1000, run: str = "run1") -> Bus:
    return Bus(run, ReplayRing(capacity, 10_000_000))


def changed(title: str = "A title") -> ChannelChanged:
    return ChannelChanged(at=0, channel="studio", changed=("title",), title=title, category=None)


def tell(on: Bus, title: str, *keys: str, fact: int = 0) -> Notice:
    return on.publish(changed(title), topics=keys, keys=[Key(key) for key in keys], fact=fact)


def told(notice: Notice) -> Any:
    return json.loads(notice.text)


def title_of(notice: Notice) -> str:
    title: str = told(notice)["title"]
    return title
