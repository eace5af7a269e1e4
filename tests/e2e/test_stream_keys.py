"""Server address and stream key as people and encoders write them, at the real server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.rillcast_server import RillcastServer, rillcast_server
from tests.support.rtmp_publisher import PublishRefusedError, RtmpPublisher, make_show

pytestmark = pytest.mark.real

# OBS waits for ever on others.
ENDS_AN_ATTEMPT = {"NetStream.Publish.BadName", "NetStream.Publish.Denied"}


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RillcastServer]:
    """A server that asks for its key."""
    with rillcast_server(Path(tmp_path_factory.mktemp("keyed"))) as running:
        yield running


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("{url}", "{key}"),
        ("{url}/", "/{key}/"),
        ("{url}", " {key}\n"),
        ("{url}", "{key}?token=x&bandwidthtest=true"),
        ("{url}", "{key}?clientConfigId=0f8fad5b-d9cb-469f-a165-70867728950e"),
        ("{url}?tok=1", "{key}"),
        ("{url}/{key}", ""),
        ("{url}/{key}/", "?token=x"),
        ("{url}/{key}?token=x", ""),
        ("{url}", "{quoted}"),
        ("{url}", "{key}?name=café"),
    ],
)
async def test_a_key_is_found_however_it_is_written(
    keyed: RillcastServer, address: str, key: str
) -> None:
    assert keyed.key is not None
    quoted = "".join(f"%{ord(character):02X}" for character in keyed.key)
    words = {"url": keyed.rtmp_url, "key": keyed.key, "quoted": quoted}
    async with RtmpPublisher(address.format(**words), key.format(**words)) as publisher:
        await publisher.send_media(make_show().sequence_starts())
    assert keyed.key not in keyed.log_text()


@pytest.mark.parametrize(
    "key",
    [
        "",
        "/",
        "?",
        "?token=x",
        "clé-été",
        "ключ",
        "🔑",
        "%00",
        "%ff%fe",
        "a/b",
        "../../etc/passwd",
        "x" * 5000,
        "\0",
    ],
)
async def test_a_key_that_is_none_is_refused_as_obs_understands_it(
    keyed: RillcastServer, key: str
) -> None:
    with pytest.raises(PublishRefusedError) as refusal:
        async with RtmpPublisher(keyed.rtmp_url, key):
            pass
    assert refusal.value.code in ENDS_AN_ATTEMPT
    assert "Traceback" not in keyed.log_text()


async def test_an_open_server_refuses_what_can_be_no_channel(server: RillcastServer) -> None:
    for key in ("", "a/b", "été", "..", "x" * 65, "a%20b"):
        with pytest.raises(PublishRefusedError) as refusal:
            async with RtmpPublisher(server.rtmp_url, key):
                pass
        assert refusal.value.code in ENDS_AN_ATTEMPT, key
