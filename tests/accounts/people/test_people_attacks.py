"""What strangers, other sites and clever texts try over HTTP."""

import json
from typing import Any

import pytest

from tests.accounts.people.browser import ServedPeople
from tests.accounts.people.world import OTHER_PASSWORD, PASSWORD

COOKIE = "__Host-rillcast"


async def test_an_access_token_is_no_cookie_and_a_cookie_no_token(served: ServedPeople) -> None:
    await served.world.register()
    program, browser = await served.signed_in(), await served.signed_in(browser=True)
    stranger = served.browser()
    stranger.cookies[COOKIE] = str(program.bearer)
    assert (await stranger.ask("GET", "/me")).status == 401
    other = served.client()
    other.bearer = browser.cookies[COOKIE]
    assert (await other.ask("GET", "/me")).status == 401


async def test_a_planted_cookie_is_never_signed_in(served: ServedPeople) -> None:
    await served.world.register()
    browser = served.browser()
    planted = "rcs_" + "A" * 43
    browser.cookies[COOKIE] = planted
    body = {"email": "ann@example.org", "password": PASSWORD}
    assert (await browser.ask("POST", "/sessions", body)).status == 201
    assert browser.cookies[COOKIE] != planted
    first = browser.cookies[COOKIE]
    attacker = served.browser()
    attacker.cookies[COOKIE] = planted
    assert (await attacker.ask("GET", "/me")).status == 401
    assert (await browser.ask("POST", "/sessions", body)).status == 201
    assert browser.cookies[COOKIE] != first


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
async def test_no_other_site_changes_anything_in_ones_name(
    served: ServedPeople, headers: dict[str, str]
) -> None:
    await served.world.register()
    browser = await served.signed_in(browser=True)
    for method, path, body in (
        ("DELETE", "/me/session", None),
        ("POST", "/me/deletion", {"password": PASSWORD}),
        ("PUT", "/me/password", {"password": PASSWORD, "newPassword": OTHER_PASSWORD}),
        ("POST", "/sessions", {"email": "eve@example.org", "password": PASSWORD}),
    ):
        refused = await browser.ask(method, path, body, headers=headers)
        assert (refused.status, refused.code) == (403, "cross-site"), path
    assert (await browser.ask("GET", "/me")).status == 200


async def test_forms_of_other_sites_are_not_read(served: ServedPeople) -> None:
    await served.world.register()
    browser = await served.signed_in(browser=True)
    for kind in ("application/x-www-form-urlencoded", "text/plain", "multipart/form-data"):
        refused = await browser.ask(
            "POST",
            "/me/deletion",
            data=json.dumps({"password": PASSWORD}),
            headers={"Content-Type": kind},
        )
        assert refused.status == 415


EXTRA_FIELDS: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "/registrations", {"email": "x@example.org", "role": "admin"}),
    ("POST", "/sessions", {"email": "a@b.c", "password": "x", "accountId": "acc_1"}),
    ("POST", "/me/tokens", {"name": "x", "scopes": ["admin"], "days": 1, "accountId": "acc_1"}),
    ("PUT", "/me/password", {"password": PASSWORD, "newPassword": "y", "passwordHash": "z"}),
]


@pytest.mark.parametrize(("method", "path", "body"), EXTRA_FIELDS)
async def test_fields_that_nobody_may_set_are_errors(
    served: ServedPeople, method: str, path: str, body: dict[str, Any]
) -> None:
    await served.world.register()
    client = await served.signed_in()
    refused = await client.ask(method, path, body)
    assert (refused.status, refused.code) == (422, "invalid")


@pytest.mark.parametrize(
    "field",
    ["role", "email", "id", "avatar", "suspendedAt", "revision", "display_name", "createdAt"],
)
async def test_a_profile_edit_reaches_the_profile_alone(served: ServedPeople, field: str) -> None:
    await served.world.register()
    client = await served.signed_in()
    refused = await client.edit_me(**{field: "admin"})
    assert (refused.status, refused.paths) == (422, [field])
    me = (await client.ask("GET", "/me")).body
    assert (me["role"], me["email"]) == ("user", "ann@example.org")


ODD_TEXTS = [
    "'; DROP TABLE accounts; --",
    '" OR ""="',
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}} ${7*7} %s %(x)s",
    "../../etc/passwd",
    "\\x00 \\u0000",
    "Ünïcødé 日本語 🎥",
]


@pytest.mark.parametrize("text", ODD_TEXTS)
async def test_odd_texts_are_kept_as_they_are_everywhere(served: ServedPeople, text: str) -> None:
    await served.world.register()
    client = await served.signed_in()
    links = [{"title": text, "url": "https://example.org/?q=%27%22%3Cscript%3E"}]
    edited = await client.edit_me(displayName=text, bio=text, links=links)
    assert edited.status == 200, edited.body
    shown = (await client.ask("GET", f"/accounts/{edited.body['id']}")).body
    assert (shown["displayName"], shown["bio"], shown["links"][0]["title"]) == (text, text, text)
    made = await client.ask(
        "POST",
        "/me/tokens",
        {"name": text, "scopes": ["profile:read"], "days": None, "password": PASSWORD},
    )
    assert (made.status, made.body["name"]) == (201, text)
    for body in ({"email": text, "password": text}, {"email": "ann@example.org", "password": text}):
        assert (await served.client().ask("POST", "/sessions", body)).status == 401
    assert (await served.client().ask("POST", "/password-resets", {"email": text})).status == 202
    refused = await served.client().ask("POST", "/registrations", {"email": text})
    assert refused.status == 422
    assert text not in json.dumps(refused.body, ensure_ascii=False)
    assert (await served.client().ask("GET", f"/accounts/{text.replace('/', '%2F')}")).status == 404


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,<script>",
        "vbscript:x",
        "//example.org",
        "/relative",
        "https://user:secret@example.org/",
        "https://example.org@evil.example/",
        "file:///etc/passwd",
        "https://",
        "https://" + "a" * 400 + ".org",
    ],
)
async def test_links_are_web_addresses_that_say_where_they_lead(
    served: ServedPeople, url: str
) -> None:
    await served.world.register()
    client = await served.signed_in()
    refused = await client.edit_me(links=[{"title": "x", "url": url}])
    assert (refused.status, refused.paths) == (422, ["links.0.url"])


async def test_an_admin_scope_makes_nobody_an_administrator(served: ServedPeople) -> None:
    await served.world.register()
    await served.world.make_admin()
    body = {"name": "x", "scopes": ["admin"], "days": 1, "password": PASSWORD}
    for email, status in (("ann@example.org", 403), ("root@example.org", 200)):
        owner = await served.signed_in(email)
        program = served.client()
        program.bearer = (await owner.ask("POST", "/me/tokens", body)).body["token"]
        assert (await program.ask("GET", "/admin/users")).status == status
    plain = served.client()
    plain.bearer = (
        await owner.ask("POST", "/me/tokens", body | {"scopes": ["profile:read"]})
    ).body["token"]
    assert (await plain.ask("GET", "/admin/users")).status == 403


async def test_what_guards_an_account_takes_the_password(served: ServedPeople) -> None:
    await served.world.register()
    client = await served.signed_in()
    for method, path, body in (
        ("PUT", "/me/password", {"newPassword": OTHER_PASSWORD}),
        ("POST", "/me/email", {"email": "e@example.org"}),
        ("POST", "/me/deletion", {}),
        ("POST", "/me/second-factor", {}),
        ("POST", "/me/second-factor/removal", {}),
        ("POST", "/me/second-factor/recovery-codes", {}),
        ("POST", "/me/tokens", {"name": "x", "scopes": ["profile:read"], "days": 1}),
    ):
        for password in (None, "wrong"):
            refused = await client.ask(method, path, body | {"password": password})
            assert (refused.status, refused.code) in {
                (401, "wrong-credentials"),
                (429, "too-many-guesses"),
            }, path
    assert (await client.ask("GET", "/me")).body["email"] == "ann@example.org"


async def test_too_many_guesses_say_when_to_come_back(served: ServedPeople) -> None:
    await served.world.register()
    body = {"email": "ann@example.org", "password": "wrong"}
    for _ in range(5):
        assert (await served.client().ask("POST", "/sessions", body)).status == 401
    waits = await served.client().ask("POST", "/sessions", body | {"password": PASSWORD})
    assert (waits.status, waits.code) == (429, "too-many-guesses")
    assert waits.headers["Retry-After"] == "1"
