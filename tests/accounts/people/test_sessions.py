"""Log-ins: refreshing, copies of refresh tokens, signing out, and what ends by itself."""

import asyncio
import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from sqlalchemy import select

from accounts.api.caller import ANONYMOUS
from accounts.events import RefreshTokenReused
from accounts.outbound.settings import OutboundSettings
from accounts.people.errors import NotFoundError, WrongCredentialsError
from accounts.people.settings import SessionSettings
from accounts.people.tables import sessions
from accounts.push.settings import PushSettings
from accounts.push.subscriptions import Subscriptions
from tests.accounts.alerts.push_service import Browser
from tests.accounts.people.world import (
    DAY_MS,
    MINUTE_MS,
    OTHER_PASSWORD,
    PeopleWorld,
)


async def test_each_refresh_gives_new_tokens_for_the_same_log_in(world: PeopleWorld) -> None:
    account_id = await world.register()
    session = await world.sign_in()
    for _ in range(3):
        world.wait(20 * MINUTE_MS)
        renewed = await world.people.sessions.refresh(str(session.refresh_token))
        assert renewed.session_id == session.session_id
        assert renewed.refresh_token != session.refresh_token
        caller = await world.people.authenticator.authenticate(None, renewed.access_token)
        assert (caller.account_id, caller.via) == (account_id, "bearer")
        session = renewed


async def test_a_refresh_token_that_comes_again_ends_the_log_in_for_both(
    world: PeopleWorld,
) -> None:
    await world.register()
    first = await world.sign_in()
    thief = await world.people.sessions.refresh(str(first.refresh_token))
    with pytest.raises(WrongCredentialsError):
        await world.people.sessions.refresh(str(first.refresh_token))
    with pytest.raises(WrongCredentialsError):
        await world.people.sessions.refresh(str(thief.refresh_token))
    caller = await world.people.authenticator.authenticate(None, thief.access_token)
    assert caller == ANONYMOUS
    (event,) = world.events_of(RefreshTokenReused)
    assert event.session_id == first.session_id  # type: ignore[attr-defined]


async def test_any_earlier_token_of_the_family_ends_it(world: PeopleWorld) -> None:
    await world.register()
    old = str((await world.sign_in()).refresh_token)
    newest = old
    for _ in range(5):
        newest = str((await world.people.sessions.refresh(newest)).refresh_token)
    with pytest.raises(WrongCredentialsError):
        await world.people.sessions.refresh(old)
    with pytest.raises(WrongCredentialsError):
        await world.people.sessions.refresh(newest)


async def test_other_log_ins_survive_a_reuse(world: PeopleWorld) -> None:
    await world.register()
    stolen, other = await world.sign_in(), await world.sign_in()
    await world.people.sessions.refresh(str(stolen.refresh_token))
    with pytest.raises(WrongCredentialsError):
        await world.people.sessions.refresh(str(stolen.refresh_token))
    await world.people.sessions.refresh(str(other.refresh_token))


async def test_of_two_refreshes_at_once_one_succeeds_and_the_log_in_ends(
    world: PeopleWorld,
) -> None:
    await world.register()
    token = str((await world.sign_in()).refresh_token)
    said = await asyncio.gather(
        *(world.people.sessions.refresh(token) for _ in range(4)), return_exceptions=True
    )
    renewed = [each for each in said if not isinstance(each, BaseException)]
    assert len(renewed) == 1
    with pytest.raises(WrongCredentialsError):
        await world.people.sessions.refresh(str(renewed[0].refresh_token))


@pytest.mark.parametrize("text", ["", "rcr_", "rcr_" + "A" * 86, "x" * 90, "rcs_" + "A" * 86])
async def test_what_is_no_refresh_token_is_refused_and_ends_nothing(
    world: PeopleWorld, text: str
) -> None:
    await world.register()
    session = await world.sign_in()
    with pytest.raises(WrongCredentialsError):
        await world.people.sessions.refresh(text)
    await world.people.sessions.refresh(str(session.refresh_token))


async def test_only_digests_are_stored(world: PeopleWorld) -> None:
    await world.register()
    client, browser = await world.sign_in(), await world.sign_in(kind="browser")
    async with world.database.reading() as connection:
        rows = (await connection.execute(select(sessions))).all()
    stored = repr([tuple(row) for row in rows])
    for secret in (client.refresh_token, browser.cookie, client.access_token):
        assert secret
        assert secret not in stored
        assert secret[4:24] not in stored


async def test_signing_out_makes_cookie_and_tokens_void_at_once(world: PeopleWorld) -> None:
    account_id = await world.register()
    client, browser = await world.sign_in(), await world.sign_in(kind="browser")
    ask = world.people.authenticator.authenticate
    assert (await ask(browser.cookie, None)).session_id == browser.session_id
    await world.people.sessions.end(account_id, browser.session_id)
    assert await ask(browser.cookie, None) == ANONYMOUS
    assert (await ask(None, client.access_token)).account_id == account_id
    await world.people.sessions.end_all(account_id)
    assert await ask(None, client.access_token) == ANONYMOUS
    with pytest.raises(WrongCredentialsError):
        await world.people.sessions.refresh(str(client.refresh_token))


async def test_nobody_ends_the_log_in_of_another(world: PeopleWorld) -> None:
    await world.register()
    bob = await world.register("bob@example.org")
    session = await world.sign_in()
    with pytest.raises(NotFoundError):
        await world.people.sessions.end(bob, session.session_id)
    await world.people.sessions.refresh(str(session.refresh_token))


async def test_an_unused_log_in_ends_and_a_used_one_goes_on(world: PeopleWorld) -> None:
    await world.register()
    unused, used = await world.sign_in(kind="browser"), await world.sign_in(kind="browser")
    ask = world.people.authenticator.authenticate
    for _ in range(2):
        world.wait(20 * DAY_MS)
        assert (await ask(used.cookie, None)).is_known
        await world.people.authenticator.write_uses()
    assert await ask(unused.cookie, None) == ANONYMOUS


async def test_every_log_in_ends_after_its_longest_time(world: PeopleWorld) -> None:
    await world.register()
    session = await world.sign_in(kind="browser")
    ask = world.people.authenticator.authenticate
    for _ in range(17):
        world.wait(10 * DAY_MS)
        assert (await ask(session.cookie, None)).is_known
    world.wait(10 * DAY_MS)
    assert await ask(session.cookie, None) == ANONYMOUS


async def test_one_log_in_too_many_makes_the_one_unused_longest_end(world: PeopleWorld) -> None:
    world.people.close()
    world.rebuild(sessions=SessionSettings(per_account=3))
    account_id = await world.register()
    begun = []
    for _ in range(4):
        begun.append(await world.sign_in())
        world.wait(MINUTE_MS)
    kept = {each.id for each in await world.people.sessions.list_of(account_id)}
    assert kept == {each.session_id for each in begun[1:]}


async def test_a_suspension_turns_every_credential_away(world: PeopleWorld) -> None:
    await world.make_admin()
    account_id = await world.register()
    client, browser = await world.sign_in(), await world.sign_in(kind="browser")
    made = await world.people.personal_tokens.create(
        account_id, "script", frozenset({"profile:read"}), None
    )
    await world.people.administration.suspend(account_id, "", None)
    ask = world.people.authenticator.authenticate
    assert await ask(browser.cookie, None) == ANONYMOUS
    assert await ask(None, client.access_token) == ANONYMOUS
    assert await ask(None, made.text) == ANONYMOUS


async def test_a_new_password_ends_all_other_log_ins_and_renews_the_cookie(
    world: PeopleWorld,
) -> None:
    account_id = await world.register()
    here, other = await world.sign_in(kind="browser"), await world.sign_in()
    renewed = await world.people.password_change.change(account_id, here.session_id, OTHER_PASSWORD)
    assert renewed
    ask = world.people.authenticator.authenticate
    assert await ask(here.cookie, None) == ANONYMOUS
    assert (await ask(renewed.cookie, None)).session_id == here.session_id
    assert await ask(None, other.access_token) == ANONYMOUS


# Forging access tokens.


def _encoded(part: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def _parts(token: str) -> tuple[dict[str, Any], dict[str, Any], str]:
    header, claims, signature = token.split(".")
    pad = "=="
    return (
        json.loads(base64.urlsafe_b64decode(header + pad)),
        json.loads(base64.urlsafe_b64decode(claims + pad)),
        signature,
    )


def _signed(header: Any, claims: Any, key: bytes, digest: str = "sha256") -> str:
    text = f"{_encoded(header)}.{_encoded(claims)}"
    mac = hmac.new(key, text.encode(), getattr(hashlib, digest)).digest()
    return f"{text}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


async def test_no_forged_access_token_is_taken(world: PeopleWorld) -> None:
    account_id = await world.register()
    victim = await world.register("bob@example.org")
    session = await world.sign_in()
    token = str(session.access_token)
    header, claims, signature = _parts(token)
    keys = world.keys.derive("access tokens")
    other = world.keys.derive("something else").newest
    ask = world.people.authenticator.authenticate
    assert (await ask(None, token)).account_id == account_id
    assert (await ask(None, _signed(header, claims, keys.newest))).account_id == account_id
    forged = {
        "another account": f"{_encoded(header)}.{_encoded(claims | {'sub': victim})}.{signature}",
        "no algorithm": f"{_encoded(header | {'alg': 'none'})}.{_encoded(claims)}.",
        "None, in capitals": f"{_encoded(header | {'alg': 'NoNe'})}.{_encoded(claims)}.",
        "no signature": ".".join(token.split(".")[:2]) + ".",
        "another HMAC": _signed(header | {"alg": "HS512"}, claims, keys.newest, "sha512"),
        "RS256 keyed with our secret": _signed(header | {"alg": "RS256"}, claims, keys.newest),
        "an empty key": _signed(header, claims, b""),
        "the id as the key": _signed(header, claims, keys.newest_id.encode()),
        "the key of another purpose": _signed(header, claims, other),
        "no key id": _signed({"alg": "HS256", "typ": "at+jwt"}, claims, keys.newest),
        "a path for key id": _signed(header | {"kid": "../../dev/null"}, claims, b""),
        "SQL for key id": _signed(header | {"kid": "' OR 1=1 --"}, claims, b""),
        "a list for key id": _signed(header | {"kid": [keys.newest_id]}, claims, keys.newest),
        "a key of its own": _signed(
            {"alg": "HS256", "typ": "at+jwt", "jwk": {"kty": "oct", "k": "AA"}}, claims, b"\0"
        ),
        "a key elsewhere": _signed(
            {"alg": "HS256", "typ": "at+jwt", "jku": "http://127.0.0.1/"}, claims, b"\0"
        ),
        "another type": _signed(header | {"typ": "JWT"}, claims, keys.newest),
        "another issuer": _signed(header, claims | {"iss": "https://evil"}, keys.newest),
        "another audience": _signed(header, claims | {"aud": "else"}, keys.newest),
        "no end": _signed(header, {k: v for k, v in claims.items() if k != "exp"}, keys.newest),
        "a text for an end": _signed(header, claims | {"exp": "9" * 12}, keys.newest),
        "a float for an end": _signed(header, claims | {"exp": 1e300}, keys.newest),
        "true for an end": _signed(header, claims | {"exp": True}, keys.newest),
        "the session of another": _signed(header, claims | {"sub": victim}, keys.newest),
        "no session": _signed(header, claims | {"sid": "ses_0"}, keys.newest),
        "a number for an account": _signed(header, claims | {"sub": 7}, keys.newest),
        "claims that are a list": _signed(header, [claims], keys.newest),
        "a critical header": _signed(header | {"crit": ["exp"]}, claims, keys.newest),
        "one part": token.split(".", maxsplit=1)[0],
        "five parts": token + ".a.b",
        "not ASCII": token + "é",
        "half a surrogate": token + "\ud800",
        "deep nesting": "[" * 3000,
    }
    for how, text in forged.items():
        assert await ask(None, text) == ANONYMOUS, how


async def test_an_access_token_expires(world: PeopleWorld) -> None:
    await world.register()
    session = await world.sign_in()
    ask = world.people.authenticator.authenticate
    assert session.access_expires_at_ms == world.now_ms + 10 * MINUTE_MS
    world.wait(10 * MINUTE_MS - 1)
    assert (await ask(None, session.access_token)).is_known
    world.wait(1)
    assert await ask(None, session.access_token) == ANONYMOUS


async def test_secrets_do_not_show_in_what_is_printed(world: PeopleWorld) -> None:
    await world.register()
    for session in (await world.sign_in(), await world.sign_in(kind="browser")):
        shown = repr(session)
        for secret in (session.cookie, session.refresh_token, session.access_token):
            assert secret is None or secret not in shown


async def test_alerts_of_a_browser_end_with_its_log_in(world: PeopleWorld) -> None:
    account_id = await world.register()
    pushed = Subscriptions(world.database, lambda: world.now_ms, PushSettings(), OutboundSettings())
    lost, here = await world.sign_in(kind="browser"), await world.sign_in(kind="browser")
    for number, session_id in enumerate((lost.session_id, here.session_id, None)):
        offered = Browser(f"https://push.example.org/{number}").offer()
        await pushed.put(account_id, offered, session_id)
    await world.people.sessions.end_all(account_id, but=here.session_id)
    assert len(await pushed.of_account(account_id)) == 2
    # The browser that signs in again offers itself again, and is this log-in's from then on.
    again = await world.sign_in(kind="browser")
    offered = Browser("https://push.example.org/1").offer()
    await pushed.put(account_id, offered, again.session_id)
    await world.people.sessions.end(account_id, here.session_id)
    assert len(await pushed.of_account(account_id)) == 2
    await world.people.sessions.end_all(account_id)
    assert len(await pushed.of_account(account_id)) == 1  # a program's, by its token
