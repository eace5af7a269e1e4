"""The people side over HTTP, as browsers and programs use it."""

import io
import json
import zipfile
from typing import Any

import pyotp
from PIL import Image

from tests.accounts.people.browser import Reply, ServedPeople
from tests.accounts.people.world import OTHER_PASSWORD, PASSWORD

COOKIE = "__Host-rillcast"


def picture(form: str = "PNG", size: tuple[int, int] = (300, 200)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "teal").save(file, form)
    return file.getvalue()


async def test_a_person_comes_in_lives_and_leaves(served: ServedPeople) -> None:
    browser = served.browser()
    policy = (await browser.ask("GET", "/registration")).body
    assert policy == {"mode": "open", "passwordCharactersMin": 10, "issuers": []}
    begun = await browser.ask("POST", "/registrations", {"email": "ann@example.org"})
    assert (begun.status, begun.content) == (202, b"")
    token = served.world.mailbox.last.token
    address = await browser.ask("POST", "/registrations/address", {"token": token})
    assert address.body == {"email": "ann@example.org"}
    body = {"token": token, "password": PASSWORD, "displayName": "Ann", "kind": "browser"}
    made = await browser.ask("POST", "/registrations/complete", body)
    assert made.status == 201
    assert made.body["accessToken"] is None
    assert made.body["refreshToken"] is None
    (set_cookie,) = made.headers.getall("Set-Cookie")
    for part in (f"{COOKIE}=rcs_", "HttpOnly", "Secure", "SameSite=Lax", "Path=/"):
        assert part in set_cookie
    assert "Domain" not in set_cookie

    me = await browser.ask("GET", "/me")
    assert me.body["email"] == "ann@example.org"
    assert me.body["createdAt"] == "2025-11-21T15:29:20.000Z"
    edited = await browser.edit_me(
        displayName="Ann A.",
        bio="I stream.\nOften.",
        links=[{"title": "Site", "url": "https://example.org/ann"}],
    )
    assert edited.status == 200
    shown = await served.client().ask("GET", f"/accounts/{me.body['id']}")
    assert shown.body == {
        "id": me.body["id"],
        "displayName": "Ann A.",
        "bio": "I stream.\nOften.",
        "links": [{"title": "Site", "url": "https://example.org/ann"}],
        "avatar": None,
    }
    sent = await browser.ask(
        "PUT",
        "/me/avatar",
        data=picture(),
        headers={"Content-Type": "image/png", "If-Match": edited.headers["ETag"]},
    )
    assert sent.status == 200
    path = sent.body["avatar"]["large"].removeprefix("/api/v1")
    seen = await served.client().ask("GET", path)
    assert seen.headers["Content-Type"] == "image/webp"
    assert seen.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert seen.headers["X-Content-Type-Options"] == "nosniff"
    with Image.open(io.BytesIO(seen.content)) as avatar:
        assert (avatar.format, avatar.size) == ("WEBP", (256, 256))
    gone = await browser.ask("DELETE", "/me/avatar", headers={"If-Match": sent.headers["ETag"]})
    assert gone.body["avatar"] is None

    out = await browser.ask("DELETE", "/me/session")
    assert out.status == 204
    assert browser.cookies == {}
    assert (await browser.ask("GET", "/me")).status == 401
    again = await browser.ask(
        "POST", "/sessions", {"email": "ann@example.org", "password": PASSWORD}
    )
    assert again.status == 201
    gone = await browser.ask("POST", "/me/deletion", {"password": PASSWORD})
    assert gone.status == 204, gone.body
    assert (await served.client().ask("GET", f"/accounts/{me.body['id']}")).status == 404


async def test_a_program_lives_on_tokens(served: ServedPeople) -> None:
    await served.world.register()
    client = served.client()
    body = {"email": "ann@example.org", "password": PASSWORD, "kind": "client"}
    begun = await client.ask("POST", "/sessions", body)
    assert begun.status == 201
    assert "Set-Cookie" not in begun.headers
    assert begun.headers["Cache-Control"] == "no-store"
    client.bearer = begun.body["accessToken"]
    assert (await client.ask("GET", "/me")).status == 200
    renewed = await served.client().ask(
        "POST", "/sessions/refresh", {"refreshToken": begun.body["refreshToken"]}
    )
    assert renewed.status == 200
    again = await served.client().ask(
        "POST", "/sessions/refresh", {"refreshToken": begun.body["refreshToken"]}
    )
    assert (again.status, again.code) == (401, "wrong-credentials")
    client.bearer = renewed.body["accessToken"]
    refused = await client.ask("GET", "/me")
    assert refused.status == 401
    assert "invalid_token" in refused.headers["WWW-Authenticate"]


async def test_what_was_changed_meanwhile_is_not_overwritten(served: ServedPeople) -> None:
    await served.world.register()
    client = await served.signed_in()
    stale = (await client.ask("GET", "/me")).headers["ETag"]
    assert (await client.edit_me(bio="first")).status == 200
    late = await client.ask("PATCH", "/me", {"bio": "late"}, headers={"If-Match": stale})
    assert late.status == 412
    assert (await client.ask("PATCH", "/me", {"bio": "blind"})).status == 428


async def test_personal_tokens_reach_as_far_as_their_scopes(served: ServedPeople) -> None:
    await served.world.register()
    owner = await served.signed_in()

    async def make(*scopes: str) -> Any:
        body = {"name": "script", "scopes": scopes, "days": 30, "password": PASSWORD}
        made = await owner.ask("POST", "/me/tokens", body)
        assert made.status == 201
        program = served.client()
        program.bearer = made.body["token"]
        return program, made.body["id"]

    reader, reader_id = await make("profile:read")
    assert (await reader.ask("GET", "/me")).status == 200
    assert (await reader.edit_me(bio="x")).code == "scope-missing"
    writer, _ = await make("profile:read", "profile:write")
    assert (await writer.edit_me(bio="x")).status == 200
    for method, path, body in (
        ("GET", "/me/tokens", None),
        ("POST", "/me/tokens", {"name": "x", "scopes": ["admin"], "days": 1}),
        ("GET", "/me/sessions", None),
        ("DELETE", "/me/sessions", None),
        ("PUT", "/me/password", {"newPassword": OTHER_PASSWORD}),
        ("POST", "/me/email", {"email": "e@example.org"}),
        ("POST", "/me/deletion", {}),
        ("GET", "/me/export", None),
        ("POST", "/me/second-factor", {}),
        ("POST", "/me/identities", {"issuer": "x"}),
    ):
        assert (await writer.ask(method, path, body)).code == "scope-missing", path
    listed = (await owner.ask("GET", "/me/tokens")).body["items"]
    assert len(listed) == 2
    assert all("token" not in each for each in listed)
    assert (await owner.ask("DELETE", f"/me/tokens/{reader_id}")).status == 204
    assert (await reader.ask("GET", "/me")).status == 401


async def test_spaces_belong_to_a_password(served: ServedPeople) -> None:
    await served.world.register(password=f"  {PASSWORD}  ")
    for password, status in ((f"  {PASSWORD}  ", 201), (PASSWORD, 401)):
        body = {"email": "ann@example.org", "password": password}
        assert (await served.client().ask("POST", "/sessions", body)).status == status


async def test_a_changed_password_gives_the_browser_a_new_cookie(served: ServedPeople) -> None:
    await served.world.register()
    browser, other = await served.signed_in(browser=True), await served.signed_in()
    before = browser.cookies[COOKIE]
    body = {"password": PASSWORD, "newPassword": OTHER_PASSWORD}
    assert (await browser.ask("PUT", "/me/password", body)).status == 204
    assert browser.cookies[COOKIE] != before
    assert (await browser.ask("GET", "/me")).status == 200
    assert (await other.ask("GET", "/me")).status == 401
    stale = served.browser()
    stale.cookies[COOKIE] = before
    assert (await stale.ask("GET", "/me")).status == 401


async def test_log_ins_are_listed_and_ended_one_by_one(served: ServedPeople) -> None:
    await served.world.register()
    browser, program = await served.signed_in(browser=True), await served.signed_in()
    items = (await browser.ask("GET", "/me/sessions")).body["items"]
    assert sorted(each["kind"] for each in items) == ["browser", "client"]
    (current,) = [each["id"] for each in items if each["isCurrent"]]
    (other,) = [each["id"] for each in items if not each["isCurrent"]]
    assert (await browser.ask("DELETE", f"/me/sessions/{other}")).status == 204
    assert (await program.ask("GET", "/me")).status == 401
    await served.signed_in()
    assert (await browser.ask("DELETE", "/me/sessions?butThis=true")).status == 204
    items = (await browser.ask("GET", "/me/sessions")).body["items"]
    assert [each["id"] for each in items] == [current]
    assert (await browser.ask("DELETE", "/me/sessions")).status == 204
    assert (await browser.ask("GET", "/me")).status == 401


async def test_a_second_factor_over_the_api(served: ServedPeople) -> None:
    await served.world.register()
    client = await served.signed_in()
    begun = await client.ask("POST", "/me/second-factor", {"password": PASSWORD})
    assert begun.status == 201
    app = pyotp.TOTP(begun.body["secret"])
    code = app.at(served.world.now_ms // 1000)
    confirmed = await client.ask("POST", "/me/second-factor/confirm", {"code": code})
    assert len(confirmed.body["recoveryCodes"]) == 10
    assert (await client.ask("GET", "/me/second-factor")).body == {
        "isOn": True,
        "recoveryCodesLeft": 10,
    }
    served.world.wait(30_000)
    body = {"email": "ann@example.org", "password": PASSWORD, "kind": "client"}
    asked = await served.client().ask("POST", "/sessions", body)
    assert (asked.status, asked.code) == (401, "second-factor-required")
    answer = {
        "challenge": asked.body["challenge"],
        "code": app.at(served.world.now_ms // 1000),
    }
    signed_in = await served.client().ask("POST", "/sessions/second-factor", answer)
    assert signed_in.status == 201
    assert signed_in.body["accessToken"]


async def test_a_picture_is_changed_by_who_has_seen_the_profile(served: ServedPeople) -> None:
    await served.world.register()
    browser = await served.signed_in(browser=True)
    seen = (await browser.ask("GET", "/me")).headers["ETag"]

    async def send(**headers: str) -> Reply:
        return await browser.ask(
            "PUT", "/me/avatar", data=picture(), headers={"Content-Type": "image/png"} | headers
        )

    assert (await send()).status == 428
    sent = await send(**{"If-Match": seen})
    assert (sent.status, sent.headers["ETag"] != seen) == (200, True)
    assert (await send(**{"If-Match": seen})).code == "precondition-failed"
    edited = await browser.ask("PATCH", "/me", {"bio": "New."}, headers={"If-Match": seen})
    assert edited.status == 412  # the picture is part of the profile
    for headers, status in (({}, 428), ({"If-Match": seen}, 412)):
        kept = await browser.ask("DELETE", "/me/avatar", headers=headers)
        assert kept.status == status
    assert (await browser.ask("GET", "/me")).body["avatar"] == sent.body["avatar"]


async def test_the_export_holds_everything_but_secrets(served: ServedPeople) -> None:
    await served.world.register()
    browser = await served.signed_in(browser=True)
    made = await browser.ask(
        "POST",
        "/me/tokens",
        {"name": "script", "scopes": ["profile:read"], "days": 1, "password": PASSWORD},
    )
    await browser.ask(
        "PUT",
        "/me/avatar",
        data=picture(),
        headers={"Content-Type": "image/png", "If-Match": "*"},
    )
    reply = await browser.ask("GET", "/me/export")
    assert reply.headers["Content-Type"] == "application/zip"
    assert "attachment" in reply.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(reply.content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert json.loads(files["account.json"])[0]["email"] == "ann@example.org"
    assert json.loads(files["account.json"])[0]["created_at"] == "2025-11-21T15:29:20.000Z"
    assert json.loads(files["personal-tokens.json"])[0]["name"] == "script"
    assert files["avatar.webp"][:4] == b"RIFF"
    everything = b"".join(files.values())
    for secret in (made.body["token"], browser.cookies[COOKIE], "argon2", PASSWORD):
        assert secret.encode() not in everything
