"""ChannelsSettings: how many of everything an account and a channel may have, and for how long."""

import re
from dataclasses import dataclass
from typing import Final

_CATEGORY: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_LIMITS: Final = (
    "per_account",
    "keys_per_channel",
    "links_per_channel",
    "moderators_per_channel",
    "bans_per_channel",
    "follows_per_account",
    "blocks_per_account",
    "link_days",
)


# What has been given is good for as long as was allowed then, and has to be taken back for as long,
# whatever is allowed now.
TOKEN_S_MAX: Final = 7 * 24 * 3600
LINK_DAYS_MAX: Final = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelsSettings:
    """What accounts may do with channels.

    `categories` are the words that a channel's category may be, for pages to translate.
    `token_s` is how long a viewer of a channel that is not open to all may watch before asking
    anew: players cannot change the address that they play. `link_days` is how long a shared link
    may last at most. `check_interval_s` is how often changes that other processes made to channels
    on air here are looked for; changes of this process are acted on at once.
    """

    per_account: int = 5
    keys_per_channel: int = 10
    links_per_channel: int = 20
    moderators_per_channel: int = 50
    bans_per_channel: int = 10_000
    follows_per_account: int = 5_000
    blocks_per_account: int = 2_000
    categories: tuple[str, ...] = (
        "art",
        "education",
        "events",
        "gaming",
        "music",
        "news",
        "science",
        "sports",
        "talk",
        "travel",
        "other",
    )
    token_s: int = 12 * 3600  # a long show; taken back at once when there is a reason
    link_days: int = 90
    check_interval_s: float = 0.25

    def __post_init__(self) -> None:
        """Refuse what could not work."""
        for name in _LIMITS:
            value = getattr(self, name)
            if value < 1:
                raise ValueError(f"{name}: expected 1 or more, got {value}")
        if not 60 <= self.token_s <= TOKEN_S_MAX:
            raise ValueError(f"token_s: expected 60 to {TOKEN_S_MAX}, got {self.token_s}")
        if self.link_days > LINK_DAYS_MAX:
            raise ValueError(f"link_days: expected 1 to {LINK_DAYS_MAX}, got {self.link_days}")
        if not 0.05 <= self.check_interval_s <= 1:
            raise ValueError(f"check_interval_s: expected 0.05 to 1, got {self.check_interval_s}")
        for category in self.categories:
            if _CATEGORY.fullmatch(category) is None or len(category) > 32:
                raise ValueError(f"categories: expected words such as 'talk', got {category!r}")
        if len(set(self.categories)) < len(self.categories):
            raise ValueError("categories: expected each word once")
