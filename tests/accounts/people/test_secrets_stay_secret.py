"""No secret shows in a log, an error, an answer that should not hold it, or on disk."""

import io
import json
import logging
import stat
from pathlib import Path

import pyotp
import pytest
from structlog.testing import capture_logs

from accounts.key_ring import KeyRing, KeyRingError
from accounts.settings import AccountsSettings
from config.people_side import log_people_event
from tests.accounts.people.browser import ServedPeople
from tests.accounts.people.world import OTHER_PASSWORD, PASSWORD


async def test_a_busy_day_leaves_no_secret_in_logs_or_errors(
    served: ServedPeople, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.DEBUG)
    world = served.world
    secrets: list[str] = [PASSWORD, OTHER_PASSWORD]
    errors: list[str] = []
    try:
        with capture_logs() as logs:
            client, browser = served.client(), served.browser()
            await client.ask("POST", "/registrations", {"email": "ann@example.org"})
            secrets.append(world.mailbox.last.token)
            body = {
                "token": secrets[-1],
                "password": PASSWORD,
                "displayName": "A",
                "kind": "client",
            }
            made = (await client.ask("POST", "/registrations/complete", body)).body
            errors.append(str((await client.ask("POST", "/registrations/complete", body)).body))
            secrets += [made["accessToken"], made["refreshToken"]]
            sign_in = {"email": "ann@example.org", "password": PASSWORD, "kind": "browser"}
            await browser.ask("POST", "/sessions", sign_in)
            secrets += browser.cookies.values()
            for _ in range(2):
                refreshed = await client.ask(
                    "POST", "/sessions/refresh", {"refreshToken": made["refreshToken"]}
                )
                errors.append(str(refreshed.body) if refreshed.status != 200 else "")
            wrong = sign_in | {"password": OTHER_PASSWORD}
            errors.append(str((await client.ask("POST", "/sessions", wrong)).body))
            token = await browser.ask(
                "POST",
                "/me/tokens",
                {"name": "x", "scopes": ["profile:read"], "days": 1, "password": PASSWORD},
            )
            secrets.append(token.body["token"])
            program = served.client()
            program.bearer = token.body["token"]
            errors.append(str((await program.ask("GET", "/me/tokens")).body))
            enrolled = await browser.ask("POST", "/me/second-factor", {"password": PASSWORD})
            code = pyotp.TOTP(enrolled.body["secret"]).at(world.now_ms // 1000)
            codes = await browser.ask("POST", "/me/second-factor/confirm", {"code": code})
            secrets += [enrolled.body["secret"], *codes.body["recoveryCodes"]]
            await client.ask("POST", "/password-resets", {"email": "ann@example.org"})
            secrets.append(world.mailbox.last.token)
            monkeypatch.setattr(world.people.sessions, "refresh", _fail)
            broken = {"refreshToken": "rcr_" + "Z" * 86}
            secrets.append(broken["refreshToken"])
            failed = await client.ask("POST", "/sessions/refresh", broken)
            assert failed.status == 500
            errors.append(str(failed.body))
            for event in world.events:
                log_people_event(event)
    finally:
        logging.getLogger().removeHandler(handler)
        logging.getLogger().setLevel(logging.WARNING)
    assert any(entry["event"] == "operation failed" for entry in logs)
    assert any(entry["event"] == "refresh token reused, log-in ended" for entry in logs)
    seen = written.getvalue() + repr(logs) + repr(world.events) + "".join(errors)
    for secret in secrets:
        assert len(secret) > 8
        assert secret not in seen
    assert "ann@example.org" not in written.getvalue() + repr(logs) + repr(world.events)


async def _fail(_: str) -> None:
    raise RuntimeError("the database is on fire")


async def test_what_is_shown_once_is_not_shown_again(served: ServedPeople) -> None:
    await served.world.register()
    client = await served.signed_in()
    body = {"name": "x", "scopes": ["profile:read"], "days": 1, "password": PASSWORD}
    headers = {"Idempotency-Key": "one"}
    first = await client.ask("POST", "/me/tokens", body, headers=headers)
    again = await client.ask("POST", "/me/tokens", body, headers=headers)
    assert first.status == 201
    assert (again.status, again.code) == (409, "already-created")
    assert first.body["token"] not in json.dumps(again.body)
    assert len((await client.ask("GET", "/me/tokens")).body["items"]) == 1


def test_settings_show_no_password() -> None:
    from accounts.mail.settings import MailSettings
    from accounts.people.settings import OpenIdIssuer, OpenIdSettings

    issuer = OpenIdIssuer(issuer="https://id.example", client_id="c", client_secret="hunter2-oidc")
    settings = AccountsSettings(
        mail=MailSettings(host="mail.example", user="u", password="hunter2-smtp"),
        openid=OpenIdSettings(issuers={"id": issuer}),
    )
    assert "hunter2" not in repr(settings)


def test_the_servers_secrets_are_made_once_and_private(tmp_path: Path) -> None:
    path = tmp_path / "data" / "keys.json"
    first = KeyRing.open(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    derived, again = first.derive("a"), KeyRing.open(path).derive("a")
    assert (derived.newest_id, derived.newest) == (again.newest_id, again.newest)
    assert derived.newest != first.derive("b").newest
    assert derived.newest.hex() not in repr(derived) + repr(first)
    assert list(path.parent.iterdir()) == [path]


def test_a_new_secret_is_used_and_older_ones_are_understood(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    old = KeyRing.open(path).derive("a")
    new = KeyRing.rotate(path).derive("a")
    assert new.newest_id != old.newest_id
    assert new.by_id[old.newest_id] == old.newest
    for _ in range(40):
        KeyRing.rotate(path)
    assert len(KeyRing.open(path).derive("a").by_id) == 16
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '{"keys": []}',
        '{"keys": [{"id": "a"}]}',
        '{"keys": [{"id": "a", "secret": "AAAA"}]}',
        '{"keys": [{"id": "a", "secret": "hunter2!"}]}',
    ],
)
def test_a_damaged_file_of_secrets_is_named_and_not_quoted(tmp_path: Path, content: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(content, "utf-8")
    with pytest.raises(KeyRingError) as caught:
        KeyRing.open(path)
    assert str(path) in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert path.read_text("utf-8") == content
