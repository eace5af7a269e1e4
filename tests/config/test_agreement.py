"""Rules that several packages hold, because none of them may import another.

What may name a channel, which the web page knows as well, and what counts as one remote party.
"""

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from accounts.api.client_address import network_of
from distribution import channel_name as of_viewers
from distribution.remote_origin import origin_of as viewer_origin_of
from ingest import channel_name as of_publishers
from ingest.publisher.admission import origin_of as publisher_origin_of

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


@given(st.ip_addresses().map(str) | st.from_regex(r"::ffff:(\d{1,3}\.){3}\d{1,3}") | st.text())
def test_a_remote_party_is_the_same_to_all(address: str) -> None:
    assert viewer_origin_of(address) == publisher_origin_of(address) == network_of(address)


def test_addresses_of_one_ipv6_network_count_together_for_viewers_too() -> None:
    assert viewer_origin_of("2001:db8:1:2:3:4:5:6") == viewer_origin_of("2001:db8:1:2::9")
    assert viewer_origin_of("2001:db8:1:3::9") != viewer_origin_of("2001:db8:1:2::9")
