"""/api/v1/me/notifications on a real server, on both databases."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.follows import Level
from accounts.notifications.wishes import mail_no_more
from accounts.storage import Database
from tests.accounts.channels.world import FAN
from tests.notify.listening import Stage, stage

SETTINGS = "/api/v1/me/notifications/settings"


@pytest.fixture
async def on(database: Database) -> AsyncIterator[Stage]:
    async with stage(database) as made:
        yield made


async def told(on: Stage, number: int) -> None:
    """Let Fay be told of broadcasts, and wait until she is."""
    await on.world.follows.put("studio", FAN, Level.LIVE)
    async with on.ear(as_="FAN") as ear:
        await ear.ask("subscribe", topics=["me"])
        for _ in range(number):
            on.world.now_ms += 1000
            await on.go_live()
            assert (await ear.hear())["type"] == "notification.added"
            await on.go_off()


async def ask(
    on: Stage, method: str, path: str, json: Any = None, *, as_: str = "FAN", **headers: str
) -> tuple[int, Any, Any]:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    async with on.http(as_) as http, http.request(method, path, json=json, headers=named) as answer:
        body = None if answer.status == 204 else await answer.json(content_type=None)
        return answer.status, body, answer.headers


async def unread(on: Stage) -> int:
    _, body, _ = await ask(on, "GET", "/api/v1/me/notifications/unread")
    count: int = body["unread"]
    return count


async def test_notifications_are_listed_in_pages_the_newest_first(on: Stage) -> None:
    await told(on, 3)
    _, first, _ = await ask(on, "GET", "/api/v1/me/notifications?limit=2")
    _, rest, _ = await ask(on, "GET", f"/api/v1/me/notifications?limit=2&cursor={first['next']}")
    shown = first["items"] + rest["items"]
    assert rest["next"] is None
    assert len({each["id"] for each in shown}) == 3
    times = [each["at"] for each in shown]
    assert times == sorted(times, reverse=True)
    assert (shown[0]["kind"], shown[0]["channel"]["name"]) == ("live", "studio")
    assert await ask(on, "GET", "/api/v1/me/notifications", as_="OTHER") != shown


async def test_what_was_read_is_known_everywhere_at_once(on: Stage) -> None:
    await told(on, 3)
    _, listed, _ = await ask(on, "GET", "/api/v1/me/notifications")
    newest, middle, _ = listed["items"]
    assert await unread(on) == 3
    async with on.ear(as_="FAN") as ear:
        await ear.ask("subscribe", topics=["me"])
        mark = f"/api/v1/me/notifications/{newest['id']}/read-mark"
        assert (await ask(on, "PUT", mark, {"isRead": True}))[0] == 204
        said = await ear.hear()
        assert (said["type"], said["unread"]) == ("notification.read", 2)
        assert (await ask(on, "PUT", mark, {"isRead": False}))[0] == 204
        assert (await ear.hear())["unread"] == 3
        all_read = "/api/v1/me/notifications/read-all"
        _, left, _ = await ask(on, "POST", all_read, {"until": middle["id"]})
        assert left == {"unread": 1}
        _, left, _ = await ask(on, "POST", all_read, {})
        assert left == {"unread": 0}
    _, listed, _ = await ask(on, "GET", "/api/v1/me/notifications?unread=true")
    assert listed["items"] == []


async def test_nobody_marks_the_notifications_of_others(on: Stage) -> None:
    await told(on, 1)
    _, listed, _ = await ask(on, "GET", "/api/v1/me/notifications")
    mark = f"/api/v1/me/notifications/{listed['items'][0]['id']}/read-mark"
    for path, as_ in ((mark, "OTHER"), ("/api/v1/me/notifications/nothing/read-mark", "FAN")):
        status, _, _ = await ask(on, "PUT", path, {"isRead": True}, as_=as_)
        assert status == 404
    assert await unread(on) == 1


async def test_settings_are_changed_by_who_has_seen_them(on: Stage) -> None:
    _, seen, headers = await ask(on, "GET", SETTINGS)
    assert seen == {
        "kinds": {"live": True, "title": True},
        "push": {"live": True, "title": True},
        "email": {"live": False, "title": False},
        "quietHours": None,
    }
    wanted = {
        "kinds": {"live": True, "title": False},
        "push": {"live": False, "title": True},
        "email": {"live": True, "title": False},
        "quietHours": {"starts": "22:30", "ends": "07:00", "timeZone": "Europe/Berlin"},
    }
    status, body, _ = await ask(on, "PUT", SETTINGS, wanted)
    assert status == 428
    status, body, changed = await ask(on, "PUT", SETTINGS, wanted, If_Match=headers["ETag"])
    assert (status, body) == (200, wanted)
    status, _, _ = await ask(on, "PUT", SETTINGS, seen, If_Match=headers["ETag"])
    assert status == 412
    status, body, _ = await ask(on, "PUT", SETTINGS, seen, If_Match=changed["ETag"])
    assert (status, body) == (200, seen)


@pytest.mark.parametrize(
    "quiet",
    [
        {"starts": "22:30", "ends": "22:30", "timeZone": "UTC"},
        {"starts": "24:00", "ends": "07:00", "timeZone": "UTC"},
        {"starts": "22:00", "ends": "07:00", "timeZone": "Mars/Olympus"},
        {"starts": "22:00", "ends": "07:00", "timeZone": "../../etc/passwd"},
    ],
)
async def test_quiet_hours_that_are_none_are_refused(on: Stage, quiet: Any) -> None:
    body = {"kinds": {"live": True, "title": True}, "quietHours": quiet}
    assert (await ask(on, "PUT", SETTINGS, body, If_Match="*"))[0] == 422


async def test_each_channel_has_settings_of_its_own(on: Stage) -> None:
    path = f"{SETTINGS}/channels/studio"
    usual = {"live": True, "title": True, "push": None, "email": None}
    wanted = {"live": False, "title": True, "push": False, "email": True}
    _, seen, headers = await ask(on, "GET", path)
    assert seen == usual
    assert (await ask(on, "PUT", path, wanted))[0] == 428
    status, body, changed = await ask(on, "PUT", path, wanted, If_Match=headers["ETag"])
    assert (status, body) == (200, wanted)
    _, seen, read = await ask(on, "GET", path)
    assert (seen, read["ETag"]) == (wanted, changed["ETag"])
    _, seen, theirs = await ask(on, "GET", path, as_="OTHER")
    assert (seen, theirs["ETag"]) == (usual, headers["ETag"])
    back = {"live": True, "title": True}
    assert (await ask(on, "PUT", path, back, If_Match=headers["ETag"]))[0] == 412
    assert (await ask(on, "GET", path))[1] == wanted  # who had not seen it has changed nothing
    assert (await ask(on, "PUT", path, back, If_Match=changed["ETag"]))[0] == 200
    _, seen, read = await ask(on, "GET", path)
    assert (seen, read["ETag"]) == (usual, headers["ETag"])
    assert (await ask(on, "PUT", path, wanted, If_Match="*"))[0] == 200
    assert (await ask(on, "GET", f"{SETTINGS}/channels/nope"))[0] == 404


async def test_a_channels_settings_that_a_mails_link_changed_are_other_ones(on: Stage) -> None:
    path = f"{SETTINGS}/channels/studio"
    wanted = {"live": True, "title": True, "push": None, "email": True}
    _, _, headers = await ask(on, "PUT", path, wanted, If_Match="*")

    async def work(connection: AsyncConnection) -> None:
        await mail_no_more(connection, "acc_FAN")

    await on.world.database.write(work)
    status, _, _ = await ask(on, "PUT", path, wanted, If_Match=headers["ETag"])
    assert status == 412
