"""Server address and stream key, as people type them."""

import pytest

from ingest.rtmp.destination import Destination, read_destination

URL = "rtmp://host/live"


@pytest.mark.parametrize(
    ("app", "tc_url", "publish_name", "expected"),
    [
        ("live", URL, "key", Destination("live", "key", {})),
        ("live/", URL + "/", "/key/", Destination("live", "key", {})),
        ("live", URL, "key?token=x&b=1", Destination("live", "key", {"token": "x", "b": "1"})),
        ("live?tok=1", URL + "?tok=1", "key", Destination("live", "key", {"tok": "1"})),
        ("live", URL + "?tok=1", "key", Destination("live", "key", {"tok": "1"})),
        (
            "live?t=app",
            URL + "?t=url&u=1",
            "key?t=key",
            Destination("live", "key", {"t": "key", "u": "1"}),
        ),
        ("live", URL, "?token=x", Destination("live", "", {"token": "x"})),
        ("live", URL, "", Destination("live", "", {})),
        ("live/key", URL + "/key", "", Destination("live", "key", {})),
        ("/live/key/", URL + "/key/", "?token=x", Destination("live", "key", {"token": "x"})),
        ("", URL + "/key?token=x", "", Destination("live", "key", {"token": "x"})),
        ("live/a/key", URL + "/a/key", "", Destination("live/a", "key", {})),
        ("live/a%2Fb", URL + "/a%2Fb", "", Destination("live", "a/b", {})),
        ("live//key", URL + "//key", "", Destination("live", "key", {})),
        ("live/instance", URL + "/instance", "key", Destination("live/instance", "key", {})),
        ("key", "rtmp://host/key", "", Destination("key", "", {})),
        ("/", "rtmp://host//", "", Destination("", "", {})),
        ("", "rtmp://host:1935/live/", "key", Destination("live", "key", {})),
        ("", "", "key", Destination("", "key", {})),
        ("live", URL, "a/b", Destination("live", "a/b", {})),
        ("live", URL, "caf%C3%A9", Destination("live", "café", {})),
        ("live", URL, "café", Destination("live", "café", {})),
        ("live", URL, "a%2525", Destination("live", "a%25", {})),
        ("live", URL, "a%3Fb", Destination("live", "a?b", {})),
        ("live", URL, "%zz%", Destination("live", "%zz%", {})),
        ("live", URL, "%ff", Destination("live", "\ufffd", {})),
        ("live", URL, "  key \n", Destination("live", "key", {})),
        ("live", URL, "k?a=b=c&&=x&flag", Destination("live", "k", {"a": "b=c", "flag": ""})),
        ("live", URL, "k?t=a+b%2B", Destination("live", "k", {"t": "a+b+"})),
        ("live", URL, "k?a=1?b=2", Destination("live", "k", {"a": "1?b=2"})),
    ],
)
def test_destination_is_split_decoded_and_merged(
    app: str, tc_url: str, publish_name: str, expected: Destination
) -> None:
    assert read_destination(app, tc_url, publish_name) == expected


def test_destination_prints_no_secret() -> None:
    text = repr(read_destination("live?q=hidden", "", "hidden"))
    assert "hidden" not in text
