"""Sessions are counted truthfully, whatever players do. The clock is ours."""

import pytest

from analytics.viewers.guest import GuestBook
from tests.analytics.viewers.crowd import (
    AHEAD_MS,
    BROWSER,
    PROXY,
    SAFARI,
    Crowd,
    Player,
    Shows,
    hashed,
)

SILENCE_MS = 12_000


def watch(crowd: Crowd, *players: Player, ms: int, every_ms: int = 1_000) -> None:
    """Let players ask for what is next, for a while."""
    for _ in range(ms // every_ms):
        for player in players:
            player.ask()
        crowd.wait(every_ms)


@pytest.fixture
def crowd() -> Crowd:
    return Crowd()


def test_a_player_is_one_viewer_from_its_second_request(crowd: Crowd) -> None:
    player = Player(crowd).start()
    player.ask()
    crowd.wait(1_000)
    assert crowd.viewers == 0
    player.ask()
    assert crowd.viewers == 1


def test_media_makes_a_viewer_too(crowd: Crowd) -> None:
    player = Player(crowd).start()
    player.ask()
    player.part()
    assert crowd.viewers == 1


def test_who_changes_before_he_has_looked_twice_is_a_viewer_all_the_same(crowd: Crowd) -> None:
    player = Player(crowd, PROXY, forwarded_for="198.51.100.7").start()
    player.ask("video1080")
    for _ in range(3):
        crowd.wait(1_000)
        player.ask("audio")
        player.ask("video720")
    assert crowd.viewers == 1
    assert crowd.ledger.tallies["ada"].by_rendition == {"video720": 1}


def test_who_only_begins_is_nobody(crowd: Crowd) -> None:
    Player(crowd).start()
    prefetching = Player(crowd).start()
    prefetching.ask("video")
    prefetching.ask("audio")
    crowd.wait(2_000)
    assert crowd.viewers == 0
    crowd.wait(SILENCE_MS)
    assert len(crowd.ledger) == 0
    assert crowd.written() == {}


def test_picture_and_sound_are_one_viewer_of_the_picture(crowd: Crowd) -> None:
    player = Player(crowd).start()
    for _ in range(4):
        player.ask("audio")
        player.ask("video")
        crowd.wait(500)
    assert crowd.viewers == 1
    assert crowd.ledger.tallies["ada"].by_rendition == {"video": 1}
    [spell] = crowd.written().values()
    assert (spell.rendition, spell.player, spell.is_open) == ("video", "hls.js", True)


@pytest.mark.parametrize("target_s", [1, 2, 6])
def test_a_session_ends_by_silence_at_its_last_request(target_s: int) -> None:
    crowd = Crowd(Shows(target_s))
    player = Player(crowd).start()
    watch(crowd, player, ms=30_000, every_ms=target_s * 1_000)
    seen_ms = crowd.now - target_s * 1_000
    silence_ms = max(SILENCE_MS, 3_000 * target_s)
    crowd.wait(silence_ms - target_s * 1_000 - 1_000)
    assert crowd.viewers == 1
    crowd.wait(3_000)
    assert crowd.viewers == 0
    [spell] = crowd.written().values()
    assert spell.ended_ms == seen_ms + AHEAD_MS
    assert not spell.is_open


def test_who_hangs_up_while_waiting_is_gone_soon(crowd: Crowd) -> None:
    player = Player(crowd).start()
    watch(crowd, player, ms=5_000)
    player.ask()
    player.hang_up()
    crowd.wait(4_000)
    assert crowd.viewers == 0


def test_who_hangs_up_and_asks_again_stays(crowd: Crowd) -> None:
    player = Player(crowd).start()
    watch(crowd, player, ms=5_000)
    player.ask()
    player.hang_up()
    player.ask()
    crowd.wait(4_000)
    assert crowd.viewers == 1


def test_a_reload_is_never_counted_twice(crowd: Crowd) -> None:
    player = Player(crowd).start()
    watch(crowd, player, ms=5_000)
    for _ in range(5):
        player.reload()
        for _ in range(20):
            player.ask()
            assert crowd.viewers == 1
            crowd.wait(250)
            assert crowd.viewers == 1
    crowd.wait(SILENCE_MS + 1_000)
    assert crowd.viewers == 0
    assert max(viewers for _, viewers in crowd.told) == 1


def test_a_page_loaded_again_goes_on_with_its_connections(crowd: Crowd) -> None:
    player = Player(crowd).start()
    watch(crowd, player, ms=5_000)
    old_seat = player.seat
    player.reload()
    for _ in range(80):
        player.ask()
        old_seat.sid = None
        old_seat.see_media()
        assert crowd.viewers == 1
        crowd.wait(250)
    assert crowd.viewers == 1


def test_several_tabs_are_several_viewers(crowd: Crowd) -> None:
    tabs = [Player(crowd).start()]
    for _ in range(4):
        watch(crowd, *tabs, ms=4_000)
        assert crowd.viewers == len(tabs)
        tabs.append(Player(crowd).start())
    watch(crowd, *tabs, ms=4_000)
    tabs[0].reload()
    watch(crowd, *tabs, ms=20_000)
    assert crowd.viewers == 5
    assert max(viewers for _, viewers in crowd.told) == 5


def test_a_new_viewer_of_an_office_takes_nobodys_place(crowd: Crowd) -> None:
    shows = [Player(crowd).start() for _ in range(40)]
    watch(crowd, *shows, ms=20_000, every_ms=2_000)
    assert crowd.viewers == 40
    shows.append(Player(crowd).start())
    low = 40
    for _ in range(5):
        for player in shows:
            player.ask()
            low = min(low, crowd.viewers)
        crowd.wait(2_000)
    assert (low, crowd.viewers) == (40, 41)


def test_who_shows_no_session_is_known_by_address_and_program(crowd: Crowd) -> None:
    players = [Player(crowd), Player(crowd), Player(crowd, agent="VLC/3.0"), Player(crowd, "::9")]
    watch(crowd, *players, ms=4_000)
    assert crowd.viewers == 3
    assert crowd.ledger.tallies["ada"].by_player == {"hls.js": 2, "vlc": 1}


def test_a_player_that_shows_its_session_now_and_then_is_one_viewer(crowd: Crowd) -> None:
    player = Player(crowd).start()
    bare = Player(crowd)
    for _ in range(30):
        player.ask("video")
        bare.ask("audio")
        crowd.wait(1_000)
    assert crowd.viewers == 1
    once = Player(crowd, "198.51.100.7").start()
    once.ask()
    once.sid = None
    watch(crowd, once, player, ms=20_000)
    assert crowd.viewers == 2


def test_robots_are_nobody(crowd: Crowd) -> None:
    robots = [
        Player(crowd, agent=agent).start()
        for agent in (
            "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
            "Twitterbot/1.0",
            "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
            "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
            "TelegramBot (like TwitterBot)",
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "WhatsApp/2.23.20.0",
        )
    ]
    watch(crowd, *robots, ms=5_000)
    assert (crowd.viewers, len(crowd.ledger)) == (0, 0)
    assert crowd.ledger.robot_count == 35


@pytest.mark.parametrize(
    ("agent", "player"),
    [
        (SAFARI, "safari"),
        ("Mozilla/5.0 (Linux; Android 12; CUBOT NOTE 20) Chrome/120.0", "hls.js"),
        ("curl/8.5.0", "curl"),
        ("Lavf/60.16.100", "ffmpeg"),
        ("VLC/3.0.20 LibVLC/3.0.20", "vlc"),
        ("mpv 0.37.0", "mpv"),
        ("", "other"),
    ],
)
def test_programs_that_people_watch_with_are_players(crowd: Crowd, agent: str, player: str) -> None:
    watch(crowd, Player(crowd, agent=agent).start(), ms=2_000)
    assert crowd.ledger.tallies["ada"].by_player == {player: 1}


def test_a_session_follows_a_telephone_to_another_network(crowd: Crowd) -> None:
    at_home = Player(crowd).start()
    watch(crowd, at_home, ms=5_000)
    outside = Player(crowd, "203.0.113.5", sid=at_home.sid)
    watch(crowd, outside, ms=20_000)
    assert crowd.viewers == 1
    assert len(crowd.written()) == 1


def test_a_session_given_to_many_counts_each_of_them(crowd: Crowd) -> None:
    sid = crowd.audience.session_for("ada", None)
    players = [Player(crowd, f"198.51.100.{number}", sid=sid) for number in range(40)]
    watch(crowd, *players, ms=20_000)
    assert crowd.viewers == 37  # four addresses may be one session's


def test_sessions_that_were_made_up_count_once(crowd: Crowd) -> None:
    for number in range(300):
        made_up = Player(crowd, sid=b"%012d" % number)
        made_up.ask()
        crowd.wait(500)
        made_up.ask()
    assert crowd.viewers == 1
    elsewhere = Player(crowd, "203.0.113.1", sid=crowd.audience.session_for("bob", None))
    elsewhere.ask()
    assert elsewhere.sid not in [session.key for session in crowd.ledger.sessions()]


def test_who_shows_a_name_begins_with_it_if_it_was_given_out_for_the_channel(crowd: Crowd) -> None:
    named = crowd.audience.session_for("ada", None)
    assert crowd.audience.session_for("ada", named) == named
    for shown in (crowd.audience.session_for("bob", None), b"0123456789ab", b"", b"?" * 12):
        assert crowd.audience.session_for("ada", shown) not in {shown, named}


def test_an_address_has_so_many_sessions_and_a_proxy_any_number() -> None:
    crowd = Crowd(sessions_per_address=10)
    watch(crowd, *[Player(crowd).start() for _ in range(30)], ms=4_000)
    assert crowd.viewers == 10
    assert crowd.ledger.crowded_count == 80
    behind = [
        Player(crowd, PROXY, forwarded_for=f"203.0.113.{number}").start() for number in range(20)
    ]
    watch(crowd, *behind, *[Player(crowd, PROXY).start() for _ in range(20)], ms=4_000)
    assert crowd.viewers == 50


def test_there_are_so_many_sessions_at_most() -> None:
    crowd = Crowd(sessions=5)
    players = [Player(crowd, f"198.51.100.{number}").start() for number in range(8)]
    watch(crowd, *players, ms=2_000)
    assert (crowd.viewers, len(crowd.ledger), crowd.ledger.overflow_count) == (5, 5, 6)
    crowd.wait(20_000)
    watch(crowd, *players[5:], ms=2_000)
    assert crowd.viewers == 3


def test_a_show_is_followed_by_manifest(crowd: Crowd) -> None:
    player = Player(crowd)
    for _ in range(3):  # pages that are loaded again at once
        player.seat.see_start("ada", player.fields)
    player.start()
    for _ in range(20):
        player.ask("all")
        player.part()
        crowd.wait(1_000)
    assert crowd.viewers == 1
    assert crowd.ledger.tallies["ada"].by_player == {"dash.js": 1}
    plain = Player(crowd, "203.0.113.9", agent="GStreamer souphttpsrc")
    for _ in range(10):
        plain.seat.see_start("ada", plain.fields)
        player.ask("all")
        crowd.wait(1_000)
    assert crowd.viewers == 2


def test_another_rendition_begins_another_spell_where_the_first_ends(crowd: Crowd) -> None:
    player = Player(crowd).start()
    watch(crowd, player, ms=10_000)
    crowd.written()
    for _ in range(10):
        player.ask("video-480p")
        crowd.wait(1_000)
    first, second = crowd.written().values()
    assert (first.rendition, second.rendition) == ("video", "video-480p")
    assert first.ended_ms == second.started_ms
    assert first.session == second.session
    assert crowd.ledger.tallies["ada"].by_rendition == {"video-480p": 1}


def test_sound_alone_takes_over_when_the_picture_stops(crowd: Crowd) -> None:
    player = Player(crowd).start()
    for _ in range(10):
        player.ask("video")
        player.ask("audio")
        crowd.wait(1_000)
    crowd.written()
    picture_ms = crowd.now - 1_000 + AHEAD_MS
    for _ in range(60):
        player.ask("audio")
        crowd.wait(1_000)
    first, second = crowd.written().values()
    assert (first.rendition, first.ended_ms) == ("video", picture_ms)
    assert (second.rendition, second.started_ms, second.is_open) == ("audio", picture_ms, True)
    assert crowd.viewers == 1


def test_renditions_in_turn_make_few_rows(crowd: Crowd) -> None:
    player = Player(crowd).start()
    for second in range(100):
        player.ask(f"video{second % 2}")
        player.ask(f"video{second % 2}")
        crowd.wait(1_000)
        crowd.written()
    assert len(crowd.written()) <= 21


def rows_of(crowd: Crowd, number: int) -> int:
    """Count the spells of an address."""
    viewer = hashed(GuestBook(b"secret").guest(f"198.51.100.{number}", BROWSER))
    return sum(1 for spell in crowd.written().values() if spell.viewer == viewer)


def test_sessions_of_one_address_that_change_in_turn_make_few_rows() -> None:
    crowd = Crowd(sessions_per_address=40)
    fidgets = [Player(crowd).start() for _ in range(40)]
    viewer = Player(crowd, "198.51.100.2").start()
    crowd.now += 60_000 - crowd.now % 60_000  # rows are counted by the minute of the clock
    crowd.ledger.beat(crowd.now)
    for step in range(60):
        for fidget in fidgets:
            fidget.ask(f"video{step // 6}")
        viewer.ask(f"video{step // 6}")
        crowd.wait(1_000)
        crowd.written()
    assert rows_of(crowd, 2) == 10  # somebody elsewhere changes as often as before
    assert rows_of(crowd, 1) == 80  # 400 without the bound
    assert crowd.viewers == 41
    watch(crowd, *fidgets, ms=60_000)  # who has settled is put down for what it plays
    assert crowd.ledger.tallies["ada"].by_rendition["video"] == 40


def test_sessions_of_one_address_that_come_and_go_make_few_rows() -> None:
    crowd = Crowd(sessions_per_address=10)
    crowd.now += 60_000 - crowd.now % 60_000
    crowd.ledger.beat(crowd.now)
    for _ in range(12):
        comers = [Player(crowd).start() for _ in range(10)]
        watch(crowd, *comers, ms=1_000, every_ms=500)
        for comer in comers:
            comer.hang_up()
        crowd.wait(4_000)
    assert rows_of(crowd, 1) == 60  # 120 without the bound
    assert crowd.ledger.crowded_count > 0
    watch(crowd, Player(crowd).start(), ms=2_000)
    assert crowd.viewers == 1


def test_a_proxy_that_tells_nobody_makes_any_number_of_rows() -> None:
    crowd = Crowd(sessions_per_address=1)
    players = [Player(crowd, PROXY).start() for _ in range(100)]
    for rendition in ("video0", "video1"):
        for _ in range(8):
            for player in players:
                player.ask(rendition)
            crowd.wait(1_000)
            crowd.written()
    assert len(crowd.written()) == 200


def test_a_process_that_stood_still_counts_nobody_out(crowd: Crowd) -> None:
    players = [Player(crowd, f"198.51.100.{number}").start() for number in range(5)]
    watch(crowd, *players, ms=5_000)
    crowd.now += 60_000
    crowd.ledger.beat(crowd.now)
    crowd.wait(2_000)
    assert crowd.viewers == 5
    crowd.wait(SILENCE_MS)
    assert crowd.viewers == 0


@pytest.mark.parametrize("step_ms", [-3_600_000, 3_600_000])
def test_a_clock_that_is_set_makes_no_absurd_spell(crowd: Crowd, step_ms: int) -> None:
    player = Player(crowd).start()
    watch(crowd, player, ms=20_000)
    crowd.written()
    crowd.ledger.set_clock(AHEAD_MS + step_ms)
    watch(crowd, player, ms=20_000)
    crowd.wait(SILENCE_MS + 2_000)
    first, second = crowd.written().values()
    assert first.ended_ms - first.started_ms == 19_000
    assert second.ended_ms - second.started_ms == 19_000
    assert second.started_ms - first.ended_ms == step_ms + 1_000


def test_counts_are_told_once_a_second_and_when_they_change(crowd: Crowd) -> None:
    crowd.wait(10_000)
    assert crowd.told == [("ada", 0)]
    players = [Player(crowd, f"198.51.100.{number}").start() for number in range(9)]
    watch(crowd, *players, ms=10_000)
    assert crowd.told == [("ada", 0), ("ada", 9)]
    assert list(crowd.ledger.tallies["ada"].samples)[-1] == 9


def test_channels_that_are_over_are_forgotten() -> None:
    shows = Shows()
    crowd = Crowd(shows)
    watch(crowd, Player(crowd).start(), ms=3_000)
    shows.channels = ()
    crowd.wait(SILENCE_MS + 3_000)
    assert crowd.ledger.tallies == {}
    assert crowd.told[-1] == ("ada", 0)


def test_the_end_of_the_server_ends_every_spell(crowd: Crowd) -> None:
    watch(crowd, *[Player(crowd, f"198.51.100.{n}").start() for n in range(3)], ms=3_000)
    crowd.written()
    crowd.ledger.end_all()
    assert [spell.is_open for spell in crowd.written().values()] == [False] * 3
    assert len(crowd.ledger) == 0
