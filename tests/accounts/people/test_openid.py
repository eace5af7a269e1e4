"""Signing in with a real issuer, in a process of its own, over HTTP."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pyotp
import pytest

from accounts.people.openid import local_path
from accounts.people.settings import OpenIdIssuer, OpenIdSettings, RegistrationSettings
from tests.accounts.people.browser import Client, Reply, ServedPeople, serve_people
from tests.accounts.people.world import OTHER_PASSWORD, PASSWORD, PUBLIC_URL, PeopleWorld
from tests.support.openid_issuer import CLIENT_ID, CLIENT_SECRET, openid_issuer

COOKIE = "__Host-rillcast"
ATTEMPT = "__Host-rillcast-openid"
USERS: dict[str, dict[str, Any]] = {
    "ann": {"email": "ann@example.org", "email_verified": True, "name": "Ann at Home"},
    "eve": {"email": "ann@example.org", "email_verified": False, "name": "Ann"},
    "mute": {"name": "Nobody"},
    "odd": {"email": "odd@example.org", "email_verified": True, "name": "<b>\u202e</b>"},
}

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def issuer_url() -> Iterator[str]:
    with openid_issuer(USERS, [f"{PUBLIC_URL}/api/v1/openid/home/callback"]) as url:
        yield url


@pytest.fixture
async def home(world: PeopleWorld, issuer_url: str) -> PeopleWorld:
    """A world with the issuer in its settings."""
    rebuild(world, issuer_url)
    return world


def rebuild(world: PeopleWorld, url: str, **changes: Any) -> None:
    issuer = OpenIdIssuer(
        issuer=url,
        client_id=CLIENT_ID,
        client_secret=changes.pop("client_secret", CLIENT_SECRET),
        title="At home",
        allow_http=True,
        may_register=changes.pop("may_register", True),
    )
    world.people.close()
    world.rebuild(openid=OpenIdSettings(issuers={"home": issuer}), **changes)


async def visit_issuer(url: str, user: str) -> str:
    """Go where a browser was sent and sign in there; return where it is sent back to."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(url, headers={"X-User": user}, allow_redirects=False) as answer,
    ):
        assert answer.status == 303, await answer.text()
        return answer.headers["Location"]


async def come_back(browser: Client, location: str) -> Reply:
    assert location.startswith(f"{PUBLIC_URL}/api/v1/openid/home/callback?")
    # A navigation that another site began.
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    return await browser.ask("GET", location.removeprefix(f"{PUBLIC_URL}/api/v1"), headers=headers)


async def sign_in(browser: Client, user: str, **body: Any) -> Reply:
    begun = await browser.ask("POST", "/openid/home", body)
    assert begun.status == 200, begun.body
    return await come_back(browser, await visit_issuer(begun.body["url"], user))


async def test_a_new_person_gets_an_account_and_signs_in_again(home: PeopleWorld) -> None:
    async with serve_people(home) as served:
        listed = (await served.client().ask("GET", "/registration")).body["issuers"]
        assert listed == [{"name": "home", "title": "At home"}]
        browser = served.browser()
        back = await sign_in(browser, "ann", returnTo="/studio?tab=1")
        assert (back.status, back.headers["Location"]) == (303, "/studio?tab=1")
        assert ATTEMPT not in browser.cookies
        me = (await browser.ask("GET", "/me")).body
        assert (me["email"], me["displayName"]) == ("ann@example.org", "Ann at Home")
        assert me["hasPassword"] is False
        other = served.browser()
        await sign_in(other, "ann")
        assert (await other.ask("GET", "/me")).body["id"] == me["id"]
        assert other.cookies[COOKIE] != browser.cookies[COOKIE]


async def test_the_request_carries_what_makes_it_safe(home: PeopleWorld) -> None:
    async with serve_people(home) as served:
        urls = [
            (await served.browser().ask("POST", "/openid/home", {})).body["url"] for _ in range(2)
        ]
    first, second = ({k: v[0] for k, v in parse_qs(urlsplit(url).query).items()} for url in urls)
    assert first["code_challenge_method"] == "S256"
    assert first["response_type"] == "code"
    assert set(first["scope"].split()) == {"openid", "email", "profile"}
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name]) >= 43
        assert first[name] != second[name]


async def test_an_account_with_the_same_address_is_never_opened(home: PeopleWorld) -> None:
    await home.register()
    async with serve_people(home) as served:
        for user in ("ann", "eve"):
            browser = served.browser()
            back = await sign_in(browser, user)
            assert back.status == 303
            assert back.headers["Location"] in {
                "/sign-in#problem=conflict",
                "/sign-in#problem=registration-closed",
            }
            assert COOKIE not in browser.cookies


@pytest.mark.parametrize("user", ["eve", "mute"])
async def test_an_address_that_is_not_vouched_for_makes_no_account(
    home: PeopleWorld, user: str
) -> None:
    async with serve_people(home) as served:
        browser = served.browser()
        back = await sign_in(browser, user)
        assert back.headers["Location"] == "/sign-in#problem=registration-closed"
        assert COOKIE not in browser.cookies


async def test_linking_takes_a_log_in_and_the_password(home: PeopleWorld) -> None:
    account_id = await home.register("other@example.org")
    async with serve_people(home) as served:
        browser = await served.signed_in("other@example.org", browser=True)
        for password in (None, OTHER_PASSWORD):
            body = {"issuer": "home", "password": password}
            refused = await browser.ask("POST", "/me/identities", body)
            assert (refused.status, refused.code) == (401, "wrong-credentials")
        begun = await browser.ask(
            "POST", "/me/identities", {"issuer": "home", "password": PASSWORD}
        )
        back = await come_back(browser, await visit_issuer(begun.body["url"], "ann"))
        assert back.headers["Location"] == "/settings"
        assert "other way to sign in" in home.mailbox.last.subject
        items = (await browser.ask("GET", "/me/identities")).body["items"]
        assert [each["email"] for each in items] == ["ann@example.org"]
        elsewhere = served.browser()
        await sign_in(elsewhere, "ann")
        assert (await elsewhere.ask("GET", "/me")).body["id"] == account_id
        removal = f"/me/identities/{items[0]['id']}/removal"
        assert (await browser.ask("POST", removal, {})).status == 401
        assert (await browser.ask("POST", removal, {"password": PASSWORD})).status == 204
        assert "way to sign in was removed" in served.world.mailbox.last.subject
        third = served.browser()
        await sign_in(third, "ann")
        assert (await third.ask("GET", "/me")).body["id"] != account_id


async def test_a_link_begun_by_one_browser_links_nobody_else(home: PeopleWorld) -> None:
    # The attacker begins to link, and has the victim's browser come back: or the other way round.
    await home.register("eve@example.org")
    await home.register("victim@example.org")
    async with serve_people(home) as served:
        attacker = await served.signed_in("eve@example.org", browser=True)
        victim = await served.signed_in("victim@example.org", browser=True)
        begun = await attacker.ask(
            "POST", "/me/identities", {"issuer": "home", "password": PASSWORD}
        )
        location = await visit_issuer(begun.body["url"], "ann")
        back = await come_back(victim, location)
        assert back.headers["Location"] == "/sign-in#problem=link-void"
        assert (await victim.ask("GET", "/me/identities")).body["items"] == []
        late = await come_back(attacker, location)
        assert late.headers["Location"] == "/sign-in#problem=link-void"
        assert (await attacker.ask("GET", "/me/identities")).body["items"] == []


async def test_a_sign_in_begun_elsewhere_signs_nobody_in(home: PeopleWorld) -> None:
    async with serve_people(home) as served:
        attacker, victim = served.browser(), served.browser()
        begun = await attacker.ask("POST", "/openid/home", {})
        location = await visit_issuer(begun.body["url"], "ann")
        back = await come_back(victim, location)
        assert back.headers["Location"] == "/sign-in#problem=link-void"
        assert COOKIE not in victim.cookies


async def test_coming_back_twice_or_late_or_with_another_state_is_refused(
    home: PeopleWorld,
) -> None:
    async with serve_people(home) as served:
        browser = served.browser()
        begun = await browser.ask("POST", "/openid/home", {})
        location = await visit_issuer(begun.body["url"], "ann")
        secret = browser.cookies[ATTEMPT]
        assert (await come_back(browser, location)).headers["Location"] == "/"
        browser.cookies = {ATTEMPT: secret}
        again = await come_back(browser, location)
        assert again.headers["Location"] == "/sign-in#problem=link-void"

        begun = await browser.ask("POST", "/openid/home", {})
        location = await visit_issuer(begun.body["url"], "ann")
        forged = location.replace("state=", "state=x")
        refused = await come_back(browser, forged)
        assert refused.headers["Location"] == "/sign-in#problem=link-void"

        begun = await browser.ask("POST", "/openid/home", {})
        location = await visit_issuer(begun.body["url"], "ann")
        home.wait(10 * 60_000)
        late = await come_back(browser, location)
        assert late.headers["Location"] == "/sign-in#problem=link-void"


async def test_a_stolen_code_is_of_no_use_without_the_verifier(home: PeopleWorld) -> None:
    async with serve_people(home) as served:
        victim, attacker = served.browser(), served.browser()
        begun = await victim.ask("POST", "/openid/home", {})
        stolen = await visit_issuer(begun.body["url"], "ann")
        code = parse_qs(urlsplit(stolen).query)["code"][0]
        own = (await attacker.ask("POST", "/openid/home", {})).body["url"]
        state = parse_qs(urlsplit(own).query)["state"][0]
        back = await attacker.ask("GET", f"/openid/home/callback?code={code}&state={state}")
        assert back.headers["Location"] == "/sign-in#problem=issuer-failed"
        assert COOKIE not in attacker.cookies


async def test_an_answer_in_the_name_of_another_issuer_is_refused(home: PeopleWorld) -> None:
    async with serve_people(home) as served:
        browser = served.browser()
        begun = await browser.ask("POST", "/openid/home", {})
        location = await visit_issuer(begun.body["url"], "ann")
        back = await come_back(browser, f"{location}&iss=https%3A%2F%2Fevil.example")
        assert back.headers["Location"] == "/sign-in#problem=issuer-failed"


async def test_a_denial_leads_back_to_the_page(home: PeopleWorld) -> None:
    async with serve_people(home) as served:
        path = "/openid/home/callback?error=access_denied&error_description=%3Cscript%3E&state=x"
        back = await served.browser().ask("GET", path)
        assert back.headers["Location"] == "/sign-in#problem=issuer-failed"


async def test_a_wrong_client_secret_signs_nobody_in(home: PeopleWorld, issuer_url: str) -> None:
    rebuild(home, issuer_url, client_secret="another")
    async with serve_people(home) as served:
        back = await sign_in(served.browser(), "ann")
        assert back.headers["Location"] == "/sign-in#problem=issuer-failed"


async def test_registration_binds_issuers_too(home: PeopleWorld, issuer_url: str) -> None:
    rebuild(home, issuer_url, registration=RegistrationSettings(mode="invitation"))
    made = await home.people.invitations.create(email=None, role="user", uses=1, days=7, by_id=None)
    invitation = made.link.partition("#invitation=")[2]
    async with serve_people(home) as served:
        back = await sign_in(served.browser(), "ann")
        assert back.headers["Location"] == "/sign-in#problem=registration-closed"
        invited = served.browser()
        back = await sign_in(invited, "ann", invitation=invitation)
        assert back.headers["Location"] == "/"
        assert (await invited.ask("GET", "/me")).status == 200
        back = await sign_in(served.browser(), "odd", invitation=invitation)
        assert back.headers["Location"] == "/sign-in#problem=registration-closed"
    rebuild(home, issuer_url, may_register=False)
    async with serve_people(home) as served:
        back = await sign_in(served.browser(), "odd")
        assert back.headers["Location"] == "/sign-in#problem=registration-closed"


async def test_a_second_factor_is_still_asked_for(home: PeopleWorld) -> None:
    async with serve_people(home) as served:
        browser = served.browser()
        await sign_in(browser, "ann")
        begun = await browser.ask("POST", "/me/second-factor", {})
        app = pyotp.TOTP(begun.body["secret"])
        code = app.at(home.now_ms // 1000)
        assert (
            await browser.ask("POST", "/me/second-factor/confirm", {"code": code})
        ).status == 200
        home.wait(30_000)
        other = served.browser()
        back = await sign_in(other, "ann")
        said = parse_qs(urlsplit(back.headers["Location"]).fragment)
        assert said["problem"] == ["second-factor-required"]
        assert COOKIE not in other.cookies
        body = {"challenge": said["challenge"][0], "code": app.at(home.now_ms // 1000)}
        assert (await other.ask("POST", "/sessions/second-factor", body)).status == 201
        assert (await other.ask("GET", "/me")).status == 200


async def test_the_only_way_in_is_not_removed(home: PeopleWorld) -> None:
    async with serve_people(home) as served:
        browser = served.browser()
        await sign_in(browser, "ann")
        (only,) = (await browser.ask("GET", "/me/identities")).body["items"]
        refused = await browser.ask("POST", f"/me/identities/{only['id']}/removal", {})
        assert (refused.status, refused.code) == (409, "conflict")


async def test_an_odd_name_becomes_one_that_others_can_see(home: PeopleWorld) -> None:
    async with serve_people(home) as served:
        browser = served.browser()
        await sign_in(browser, "odd")
        assert (await browser.ask("GET", "/me")).body["displayName"] == "odd"


async def test_an_unknown_issuer_is_not_found(served: ServedPeople) -> None:
    assert (await served.browser().ask("POST", "/openid/nobody", {})).status == 404
    path = "/openid/nobody/callback?state=x&code=y"
    assert (await served.browser().ask("GET", path)).status == 404


async def test_an_issuer_that_is_not_there_is_said_to_fail(world: PeopleWorld) -> None:
    rebuild(world, "http://127.0.0.1:9")
    async with serve_people(world) as served:
        failed = await served.browser().ask("POST", "/openid/home", {})
        assert (failed.status, failed.code) == (502, "issuer-failed")


@pytest.mark.parametrize(
    "text",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "\\/evil",
        "javascript:1",
        "",
        "/a\r\nSet-Cookie: x=y",
        "/a b",
        "/\tevil",
        "/é",
        "/x\\..\\y",
    ],
)
def test_nobody_is_sent_to_another_site(text: str) -> None:
    assert local_path(text) == "/"


@pytest.mark.parametrize("text", ["/", "/settings", "/a/b?c=d&e=//f#g"])
def test_people_are_sent_back_to_where_they_were(text: str) -> None:
    assert local_path(text) == text
