"""The channels' API over HTTP: what it answers, and what nobody gets out of it or into it."""

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image
from structlog.testing import capture_logs

from accounts.channels.live_fact import LiveEnded, LiveStarted
from tests.accounts.channels.channel_server import ChannelServer, channel_server
from tests.accounts.channels.world import World

STRANGE = "'; DROP TABLE channels; --<script>alert(1)</script>\\ {0} %s 日本語 👩‍👩‍👧"


@pytest.fixture
async def server(world: World, tmp_path: Path) -> AsyncIterator[ChannelServer]:
    async with channel_server(world, tmp_path / "pictures") as made:
        yield made


async def make(server: ChannelServer, name: str = "studio", **fields: object) -> None:
    made = await server.ask("POST", "/channels", "OWNER", {"name": name, **fields})
    assert made.status == 201, made.text


async def test_a_channel_over_http(server: ChannelServer) -> None:
    made = await server.ask(
        "POST",
        "/channels",
        "OWNER",
        {"name": "Studio", "title": STRANGE, "tags": ["Late Night"], "language": "pt-br"},
    )
    assert (made.status, made.headers["Location"]) == (201, "/api/v1/channels/studio")
    assert made.body["title"] == STRANGE
    assert made.body["tags"] == ["late-night"]
    assert made.body["language"] == "pt-BR"
    assert made.body["standing"] == {
        "isOwner": True, "isModerator": False, "isFollowing": False, "mayFollow": False,
        "mayWatch": True,
    }  # fmt: skip
    seen = await server.ask("GET", "/channels/STUDIO")
    assert seen.body["title"] == STRANGE
    assert seen.body["standing"]["mayFollow"]
    mine = await server.ask("GET", "/me/channels", "OWNER")
    assert [each["name"] for each in mine.body["items"]] == ["studio"]
    edited = await server.edit("/channels/studio", "OWNER", {"title": "Two", "category": "music"})
    assert (edited.status, edited.body["title"], edited.body["language"]) == (200, "Two", "pt-BR")
    cleared = await server.edit("/channels/studio", "OWNER", {"language": None, "tags": []})
    assert (cleared.body["language"], cleared.body["tags"]) == (None, [])
    gone = await server.ask("DELETE", "/channels/studio", "OWNER")
    assert gone.status == 204
    assert (await server.ask("GET", "/channels/studio", "OWNER")).status == 404


async def test_every_wrong_field_is_named_by_its_path(server: ChannelServer) -> None:
    await make(server)
    refused = await server.edit(
        "/channels/studio",
        "OWNER",
        {"tags": ["ok", "b/ad"], "language": "klingonese", "category": "cooking"},
    )
    assert refused.status == 422
    assert {each["path"] for each in refused.body["errors"]} == {"tags.1", "language", "category"}
    for fields in (
        {"name": "api"}, {"name": "a b"}, {"name": "x" * 65}, {"name": ""}, {},
        {"name": "b", "title": "x" * 141}, {"name": "b", "title": "\0"},
        {"name": "b", "tags": ["x"] * 11}, {"name": "b", "graceS": 601},
        {"name": "b", "graceS": "1e9"},
        {"name": "b", "visibility": "secret"}, {"name": "b", "latencyProfile": "warp"},
        {"name": "b", "title": {"$ne": 1}}, {"name": ["b"]},
    ):  # fmt: skip
        refused = await server.ask("POST", "/channels", "OWNER", fields)
        assert refused.status == 422, (fields, refused.text)
        assert refused.body["errors"], fields
        assert not any("pattern" in each["text"] for each in refused.body["errors"])


@pytest.mark.parametrize(
    "field",
    ["id", "ownerId", "owner_id", "revision", "followerCount", "viewerCount", "bannedAtMs", "ban",
     "isLive", "liveSince", "createdAt", "artwork", "standing", "tokensVoidMs"],
)  # fmt: skip
async def test_nobody_writes_what_is_not_theirs_to_write(server: ChannelServer, field: str) -> None:
    await make(server)
    for attempt in (
        await server.ask("POST", "/channels", "FAN", {"name": "other", field: "acc_FAN"}),
        await server.edit("/channels/studio", "OWNER", {"title": "x", field: 1}),
    ):
        assert attempt.status == 422
        assert attempt.body["errors"][0]["path"] == field
    # Nor its name, which is given once.
    assert (await server.edit("/channels/studio", "OWNER", {"name": "other"})).status == 422


async def test_an_edit_needs_the_revision_it_was_made_from(server: ChannelServer) -> None:
    await make(server)
    tag = (await server.ask("GET", "/channels/studio", "OWNER")).headers["ETag"]
    await server.ask("PUT", "/channels/studio/follow", "FAN", {})  # contradicts no edit
    first = await server.ask(
        "PATCH", "/channels/studio", "OWNER", {"title": "a"}, headers={"If-Match": tag}
    )
    assert first.status == 200
    late = await server.ask(
        "PATCH", "/channels/studio", "OWNER", {"title": "b"}, headers={"If-Match": tag}
    )
    assert (late.status, late.body["code"]) == (412, "precondition-failed")
    assert (await server.ask("PATCH", "/channels/studio", "OWNER", {"title": "b"})).status == 428
    same = await server.ask(
        "GET", "/channels/studio", "OWNER", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert same.status == 304
    await server.ask("DELETE", "/channels/studio/follow", "FAN")
    other = await server.ask(
        "GET", "/channels/studio", "OWNER", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert other.status == 200  # what is shown has changed


async def test_a_key_is_in_one_answer_and_nowhere_else(server: ChannelServer) -> None:
    with capture_logs() as logs:
        await make(server)
        made = await server.ask("POST", "/channels/studio/keys", "OWNER", {"name": "OBS"})
        assert made.status == 201
        key = made.body["key"]
        secret = key.split("_")[2]
        assert key.startswith(made.body["start"])
        path = f"/channels/studio/keys/{made.body['id']}"
        assert made.headers["Location"] == f"/api/v1{path}"
        assert made.headers["Cache-Control"] == "no-store"
        listed = await server.ask("GET", "/channels/studio/keys", "OWNER")
        one = await server.ask("GET", path, "OWNER")
        renamed = await server.edit(path, "OWNER", {"name": "Phone"})
        assert renamed.body["name"] == "Phone"
        rotated = await server.ask("POST", f"{path}/rotate", "OWNER")
        assert rotated.body["key"] != key
        assert rotated.body["rotatedAt"] is not None
        elsewhere = [listed.text, one.text, renamed.text, rotated.text]
        for wrong in (f"/channels/studio/keys/{key}", f"/channels/{key}", f"/broadcasts/{key}"):
            refused = await server.ask("GET", wrong, "OWNER")
            assert refused.status == 404
            elsewhere.append(refused.text)
        assert (await server.ask("DELETE", path, "OWNER")).status == 204
        assert (await server.ask("GET", path, "OWNER")).status == 404
    assert not [text for text in elsewhere if secret in text]
    assert secret not in str(logs)
    assert secret not in str(server.world.events)
    async with server.world.database.reading() as connection:
        for table in server.world_tables():
            rows = (await connection.execute(table.select())).all()
            assert secret not in str(rows), table.name


async def test_a_key_is_not_made_twice_for_one_idempotency_key(server: ChannelServer) -> None:
    await make(server)
    headers = {"Idempotency-Key": "once"}
    first = await server.ask(
        "POST", "/channels/studio/keys", "OWNER", {"name": "a"}, headers=headers
    )
    again = await server.ask(
        "POST", "/channels/studio/keys", "OWNER", {"name": "a"}, headers=headers
    )
    assert first.status == 201
    assert again.status == 409  # the key was in the first answer alone
    assert first.body["key"] not in again.text
    assert len((await server.ask("GET", "/channels/studio/keys", "OWNER")).body["items"]) == 1


async def test_following_over_http(server: ChannelServer) -> None:
    await make(server)
    assert (await server.ask("GET", "/channels/studio/follow", "FAN")).status == 404
    put = await server.ask("PUT", "/channels/studio/follow", "FAN", {"notifications": "all"})
    assert (put.status, put.body["notifications"]) == (200, "all")
    assert (await server.ask("PUT", "/channels/studio/follow", "OWNER", {})).status == 403
    following = await server.ask("GET", "/me/following", "FAN")
    assert [each["channel"]["name"] for each in following.body["items"]] == ["studio"]
    followers = await server.ask("GET", "/channels/studio/followers", "OWNER")
    assert [each["person"]["displayName"] for each in followers.body["items"]] == ["Fay"]
    assert "example.org" not in followers.text  # nobody's address
    assert (await server.ask("GET", "/channels/studio/followers", "FAN")).status == 403
    assert (await server.ask("GET", "/channels/studio")).body["followerCount"] == 1
    assert (await server.ask("PUT", "/me/blocks/acc_FAN", "OWNER")).status == 204
    assert (await server.ask("GET", "/channels/studio")).body["followerCount"] == 0
    blocked = await server.ask("GET", "/me/blocks", "OWNER")
    assert [each["person"]["accountId"] for each in blocked.body["items"]] == ["acc_FAN"]
    assert (await server.ask("PUT", "/channels/studio/follow", "FAN", {})).status == 403
    assert (await server.ask("DELETE", "/me/blocks/acc_FAN", "OWNER")).status == 204
    assert (await server.ask("PUT", "/me/blocks/acc_OWNER", "OWNER")).status == 409


async def test_moderation_over_http(server: ChannelServer) -> None:
    await make(server)
    path = "/channels/studio/moderators/acc_FAN"
    assert (await server.ask("PUT", path, "OWNER")).status == 204
    listed = await server.ask("GET", "/channels/studio/moderators", "FAN")
    assert [each["person"]["accountId"] for each in listed.body["items"]] == ["acc_FAN"]
    mine = await server.ask("GET", "/me/moderating", "FAN")
    assert [each["name"] for each in mine.body["items"]] == ["studio"]
    ban = "/channels/studio/bans/acc_OTHER"
    banned = await server.ask(
        "PUT", ban, "FAN", {"reason": STRANGE, "endsAt": "2099-01-01T00:00:00+01:00"}
    )
    assert (banned.status, banned.body["reason"]) == (200, STRANGE)
    assert banned.body["endsAt"] == "2098-12-31T23:00:00.000Z"
    for wrong in (
        {"endsAt": "2001-01-01T00:00:00Z"},
        {"endsAt": "2099-01-01T00:00:00"},
        {"x": 1},
        {"endsAt": "9999-12-31T23:59:59-14:00"},
    ):
        assert (await server.ask("PUT", ban, "FAN", wrong)).status == 422
    assert (await server.ask("PUT", "/channels/studio/follow", "OTHER", {})).status == 403
    page = await server.ask("GET", "/channels/studio/bans", "FAN")
    assert len(page.body["items"]) == 1
    assert (await server.ask("DELETE", ban, "FAN")).status == 204
    assert (await server.ask("DELETE", path, "FAN")).status == 204
    assert (await server.ask("GET", "/channels/studio/bans", "FAN")).status == 403


async def test_playback_over_http(server: ChannelServer) -> None:
    await make(server, "open")
    await make(server, visibility="private")
    everybody = await server.ask("POST", "/channels/open/playback", None, {})
    assert everybody.body["hls"] == "/live/open/index.m3u8"
    assert everybody.body["dash"] == "/live/open/manifest.mpd"
    assert everybody.body["expiresAt"] is None
    assert (await server.ask("POST", "/channels/studio/playback", None, {})).status == 404
    own = await server.ask("POST", "/channels/studio/playback", "OWNER", {})
    assert own.body["hls"].startswith("/live/~")
    assert own.headers["Cache-Control"] == "no-store"
    link = await server.ask("POST", "/channels/studio/links", "OWNER", {"name": "Press"})
    assert link.status == 201
    token = link.body["token"]
    by_link = await server.ask("POST", "/channels/studio/playback", None, {"link": token})
    assert by_link.body["hls"] == f"/live/~{token}/studio/index.m3u8"
    assert by_link.body["channel"]["title"] == "studio"
    listed = await server.ask("GET", "/channels/studio/links", "OWNER")
    assert token not in listed.text
    refused = await server.ask("POST", "/channels/open/playback", None, {"link": token})
    assert refused.status == 404
    assert token not in refused.text
    path = f"/channels/studio/links/{link.body['id']}"
    assert (await server.ask("DELETE", path, "OWNER")).status == 204
    assert (
        await server.ask("POST", "/channels/studio/playback", None, {"link": token})
    ).status == 404


async def test_broadcasts_and_lists_over_http(server: ChannelServer) -> None:
    world = server.world
    await make(server, title="Jazz", category="music")
    await world.recorder.write(LiveStarted(channel="studio", epoch="e1", at_ms=world.now_ms))
    live = await server.ask("GET", "/directory/live?category=music&order=viewers")
    assert [each["isLive"] for each in live.body["items"]] == [True]
    categories = await server.ask("GET", "/directory/categories")
    assert {"category": "music", "liveCount": 1} in categories.body["items"]
    world.now_ms += 60_000
    await world.recorder.write(
        LiveEnded(channel="studio", epoch="e1", at_ms=world.now_ms, technical={"tracks": []})
    )
    recent = await server.ask("GET", "/directory/recent")
    assert [each["name"] for each in recent.body["items"]] == ["studio"]
    listed = await server.ask("GET", "/channels/studio/broadcasts")
    (card,) = listed.body["items"]
    assert (card["title"], card["durationMs"], card["meanViewers"]) == ("Jazz", 60_000, None)
    one = await server.ask("GET", f"/broadcasts/{card['id']}")
    assert [each["title"] for each in one.body["titles"]] == ["Jazz"]
    for kind in ("channels", "broadcasts"):
        hits = await server.ask("GET", f"/search/{kind}?q=jaz")
        assert len(hits.body["items"]) == 1
    assert (await server.ask("DELETE", f"/broadcasts/{card['id']}", "FAN")).status == 403
    assert (await server.ask("DELETE", f"/broadcasts/{card['id']}", "OWNER")).status == 204


async def test_pages_are_reached_by_their_cursors_and_no_others(server: ChannelServer) -> None:
    for name in ("a", "b", "c"):
        await make(server, name, title="Jazz")
    for path in ("/directory/channels?", "/search/channels?q=jazz&"):
        seen: list[str] = []
        following = ""
        while True:
            page = await server.ask("GET", f"{path}limit=1{following}")
            seen += [each["name"] for each in page.body["items"]]
            if page.body["next"] is None:
                break
            following = f"&cursor={page.body['next']}"
        assert sorted(seen) == ["a", "b", "c"]
        for wrong in ("x", "W10", "WzEsMiwzXQ", "A" * 600, "%27OR%201=1", page.headers["Date"]):
            refused = await server.ask("GET", f"{path}cursor={wrong}")
            assert refused.status == 422, (wrong, refused.text)
    for query in ("limit=0", "limit=101", "limit=x", "unknown=1", "mature=perhaps", "order=random"):
        assert (await server.ask("GET", f"/directory/live?{query}")).status == 422
    for query in ("", "?q=", f"?q={'x' * 201}"):
        assert (await server.ask("GET", f"/search/channels{query}")).status == 422


async def test_artwork_is_drawn_anew_and_shown_in_its_sizes(server: ChannelServer) -> None:
    await make(server)
    picture = io.BytesIO()
    Image.new("RGB", (640, 360), "red").save(picture, "PNG")
    tag = (await server.ask("GET", "/channels/studio", "OWNER")).headers["ETag"]
    headers = {"If-Match": tag, "Content-Type": "image/png"}
    path = "/channels/studio/artwork"
    for as_, status in (("FAN", 403), ("OWNER", 200)):
        put = await server.ask("PUT", path, as_, data=picture.getvalue(), headers=headers)
        assert put.status == status
    assert [each["width"] for each in put.body["artwork"]] == [480, 1280]
    headers["If-Match"] = put.headers["ETag"]
    for content, content_type, status in (
        (b"<svg onload=alert(1)>", "image/png", 422),
        (picture.getvalue()[:200], "image/png", 422),
        (b"x", "image/svg+xml", 415),
        (b"", "image/png", 422),
    ):
        headers["Content-Type"] = content_type
        refused = await server.ask("PUT", path, "OWNER", data=content, headers=headers)
        assert refused.status == status
    gone = await server.ask("DELETE", path, "OWNER", headers={"If-Match": put.headers["ETag"]})
    assert gone.body["artwork"] == []


async def test_administration_over_http(server: ChannelServer) -> None:
    await make(server, visibility="private")
    world = server.world
    world.control.live.add("studio")
    cut = await server.ask("POST", "/channels/studio/cut", "ADMIN")
    assert (cut.status, world.control.cuts) == (204, [("studio", True)])
    assert (await server.ask("POST", "/channels/studio/cut", "OWNER")).status == 404
    banned = await server.ask("PUT", "/admin/channels/studio/ban", "ADMIN", {"reason": "films"})
    assert banned.body["ban"]["reason"] == "films"
    assert (await server.ask("GET", "/channels/studio", "OWNER")).body["ban"]["reason"] == "films"
    listed = await server.ask("GET", "/admin/channels?banned=true", "ADMIN")
    assert [each["name"] for each in listed.body["items"]] == ["studio"]
    assert (await server.ask("DELETE", "/admin/channels/studio/ban", "ADMIN")).status == 204
    assert (await server.ask("GET", "/channels/studio", "OWNER")).body["ban"] is None


async def test_an_administrators_token_reaches_as_far_as_it_was_given(
    server: ChannelServer,
) -> None:
    await make(server, visibility="private")
    plain = "ADMIN:channels:read"
    assert (await server.ask("GET", "/channels/studio/keys", "ADMIN:channels:read")).status == 404
    assert (await server.ask("GET", "/channels/studio/keys", f"{plain},admin")).status == 200
    assert (await server.ask("GET", "/admin/channels", plain)).status == 403
