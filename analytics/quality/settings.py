"""QualitySettings: whether players are asked how well it plays, and how long that is kept."""

import re
from dataclasses import dataclass
from typing import Final

_HEADER: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")
_COUNTS: Final = ("raw_days", "hour_days", "label_values", "sessions", "beacons_per_minute")


@dataclass(frozen=True, slots=True, kw_only=True)
class QualitySettings:
    """How playback quality is measured.

    `enabled`: whether pages send beacons, and what players say of themselves is read at all. Who
    sends `Sec-GPC: 1` or `DNT: 1` is left out in any case. Minutes are kept for `raw_days`, hours
    for `hour_days`, days for as long as their channel. `label_values`: how many languages, or
    countries, a channel has on one day; further ones are counted as "other". `country_header`:
    the header in which a trusted proxy (`http.trusted_proxies`) names the viewer's country, such
    as "CF-IPCountry"; empty for none. `sessions`: of how many playbacks the last beacon is
    remembered; older ones begin anew. `beacons_per_minute` is what one network may send.
    """

    enabled: bool = True
    raw_days: int = 7
    hour_days: int = 400
    label_values: int = 30
    country_header: str = ""
    sessions: int = 200_000
    beacons_per_minute: int = 600

    def __post_init__(self) -> None:
        """Refuse what could not work."""
        for name in _COUNTS:
            if getattr(self, name) < 1:
                raise ValueError(f"{name}: expected 1 or more, got {getattr(self, name)}")
        if self.country_header and _HEADER.fullmatch(self.country_header) is None:
            raise ValueError(
                f"country_header: expected a header's name, got {self.country_header!r}"
            )
