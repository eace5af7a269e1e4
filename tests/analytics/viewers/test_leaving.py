"""Who closes the connection on which it looked has left; no request of a poller waits for that."""

import asyncio
from pathlib import Path

import pytest

from tests.analytics.viewers.crowd import PROXY, Crowd, Player, Shows
from tests.analytics.viewers.simulated import SAFARI, Simulated, dash, polling
from tests.support.accounts_server import Person, accounts_server, signed_in, stream_key
from tests.support.encoder import encoder, ffmpeg_command
from tests.support.viewer import viewer

LOOK_MS = 2_000
GONE_MS = 6_000
SILENCE_MS = 12_000


@pytest.fixture(name="crowd")
def _crowd() -> Crowd:
    return Crowd()


def poll(crowd: Crowd, *players: Player, looks: int = 4) -> None:
    for _ in range(looks):
        for player in players:
            player.ask()
            player.part()
        crowd.wait(LOOK_MS)


def test_a_poller_that_closes_its_connection_has_left(crowd: Crowd) -> None:
    player = Player(crowd).start()
    poll(crowd, player)
    seen_ms = crowd.now - LOOK_MS
    player.seat.leave()
    crowd.wait(GONE_MS)
    assert crowd.viewers == 0
    [spell] = crowd.written().values()
    assert not spell.is_open
    assert spell.ended_ms - spell.started_ms == 3 * LOOK_MS
    assert crowd.ledger.now - GONE_MS - LOOK_MS == seen_ms


def test_a_poller_with_a_connection_for_each_look_stays(crowd: Crowd) -> None:
    player = Player(crowd).start()
    for _ in range(8):
        poll(crowd, player, looks=1)
        player.seat.leave()
        player.seat = crowd.audience.seat(player.address)
    crowd.wait(SILENCE_MS - LOOK_MS - 1_000)
    assert crowd.viewers == 1
    crowd.wait(3_000)
    assert crowd.viewers == 0


def test_a_poller_of_long_segments_has_a_whole_one_to_come_back() -> None:
    crowd = Crowd(Shows(6))
    player = Player(crowd).start()
    for _ in range(10):
        player.ask()
        player.ask()
        player.seat.leave()
        player.seat = crowd.audience.seat(player.address)
        crowd.wait(6_000)
    assert crowd.viewers == 1
    assert crowd.told == [("ada", 0), ("ada", 1)]


def test_who_goes_on_on_another_connection_stays(crowd: Crowd) -> None:
    player = Player(crowd).start()
    poll(crowd, player)
    player.seat.leave()
    player.seat = crowd.audience.seat(player.address)
    poll(crowd, player, looks=6)
    assert crowd.viewers == 1
    assert {viewers for _, viewers in crowd.told} == {1}


def test_what_a_proxy_closes_says_nothing_of_viewers(crowd: Crowd) -> None:
    player = Player(crowd, PROXY, forwarded_for="198.51.100.7").start()
    poll(crowd, player)
    player.seat.leave()
    crowd.wait(GONE_MS)
    assert crowd.viewers == 1


def test_a_connection_that_another_session_took_over_takes_only_that_one(crowd: Crowd) -> None:
    first = Player(crowd).start()
    second = Player(crowd).start()
    second.seat = first.seat
    for _ in range(4):
        poll(crowd, first, second, looks=1)  # nobody looks twice in a row
    first.seat.leave()
    crowd.wait(GONE_MS)
    assert crowd.viewers == 2


@pytest.mark.real
async def test_a_real_poller_is_gone_long_before_its_silence_would_end(tmp_path: Path) -> None:
    with accounts_server(tmp_path) as server:
        key = stream_key(server)
        folder = f"{server.http_url}/live/studio/"
        with encoder(ffmpeg_command(f"{server.rtmp_url}/{key}")):
            async with viewer(server.live_url("studio")) as watching:
                await watching.rendition_urls()
            async with signed_in(server, "olga") as olga:

                async def expect(*players: str) -> None:
                    async with asyncio.timeout(90):
                        while await watching_now(olga) != set(players):  # noqa: ASYNC110 - the API tells nobody of changes
                            await asyncio.sleep(0.1)

                here = [
                    Simulated(folder, agent=SAFARI, source="127.0.0.11").begin(polling),
                    Simulated(folder, agent="GStreamer souphttpsrc", source="127.0.0.12").begin(
                        dash
                    ),
                ]
                behind_a_proxy = Simulated(folder, "198.51.100.1", agent="VLC/3.0").begin(polling)
                await expect("safari", "gstreamer", "vlc")
                await asyncio.sleep(3 * LOOK_MS / 1000)  # each looks again on its connection
                await asyncio.gather(*(one.leave() for one in (*here, behind_a_proxy)))
                await expect("vlc")  # whose connections may be anybody's
                await expect()


async def watching_now(person: Person) -> set[str]:
    status, told = await person.ask("GET", "/channels/studio/analytics/live")
    assert status == 200, told
    return {str(each["name"]) for each in told["players"] if each["viewers"]}
