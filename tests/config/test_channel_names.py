"""Publishers, viewers and the web page agree on what a channel may be called.

No package may import the other two for it, so each holds the rule; this holds them together.
"""

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from distribution import channel_name as of_viewers
from ingest import channel_name as of_publishers

WEB_RULE = Path(__file__).parents[2] / "web" / "src" / "channel-name.ts"
RESERVED = sorted(of_publishers.RESERVED_NAMES)


def test_the_reserved_words_are_the_same_everywhere() -> None:
    assert of_viewers.RESERVED_NAMES == of_publishers.RESERVED_NAMES
    source = WEB_RULE.read_text("utf-8")
    listed = source[source.index("new Set([") : source.index("]);")]
    assert set(re.findall(r'"(\w+)"', listed)) == of_publishers.RESERVED_NAMES
    assert f"/^{of_publishers.CHANNEL_NAME_PATTERN}$/" in source


@given(
    st.text(max_size=70)
    | st.from_regex(of_publishers.CHANNEL_NAME_PATTERN)
    | st.sampled_from(RESERVED)
    | st.sampled_from(RESERVED).map(str.upper)
    | st.sampled_from(RESERVED).map(str.capitalize)
)
def test_a_name_that_may_be_published_to_can_be_watched_and_no_other(name: str) -> None:
    assert of_viewers.is_channel_name(name) == of_publishers.is_channel_name(name)
