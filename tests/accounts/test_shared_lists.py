"""A real server's lists, which are made once for everybody, and pages, which are not."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.accounts.serving import AccountsOnAir, accounts_on_air

CHANNEL = "/api/v1/channels/workshop"


@pytest.fixture(scope="module")
def on_air(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AccountsOnAir]:
    # Nothing grows too old while these tests run: what is new in a list has been told.
    settings = {"accounts.api.shared_s": "60"}
    with accounts_on_air(tmp_path_factory.mktemp("lists"), **settings) as running:
        made = running.ask("POST", "/api/v1/channels", {"name": "workshop"}, as_="user")
        assert made.status == 201, made
        yield running


def listed(on_air: AccountsOnAir, as_: str | None = None) -> list[str]:
    """Return the titles in the list of all channels, which is the same for everybody."""
    answers = [
        on_air.ask("GET", "/api/v1/directory/channels", as_=asker).body for asker in (None, as_)
    ]
    assert answers[0] == answers[1]
    return [item["title"] for item in answers[0]["items"]]


def edit(on_air: AccountsOnAir, **fields: Any) -> None:
    done = on_air.ask("PATCH", CHANNEL, fields, as_="user", headers={"If-Match": "*"})
    assert done.status == 200, done


def test_what_is_edited_is_in_the_lists_at_once(on_air: AccountsOnAir) -> None:
    for title in ("clay", "wood", "glass"):
        edit(on_air, title=title)
        assert listed(on_air, "user") == [title]
    found = on_air.ask("GET", "/api/v1/search/channels?q=glass").body["items"]
    assert [item["name"] for item in found] == ["workshop"]


def test_what_is_hidden_or_closed_is_in_no_list_from_then_on(on_air: AccountsOnAir) -> None:
    for visibility in ("private", "unlisted"):
        assert len(listed(on_air, "user")) == 1
        edit(on_air, visibility=visibility)
        assert listed(on_air, "user") == []
        edit(on_air, visibility="public")
    ban = f"/api/v1/admin{CHANNEL.removeprefix('/api/v1')}/ban"
    assert len(listed(on_air, "admin")) == 1
    assert on_air.ask("PUT", ban, {"reason": "tests"}, as_="admin").status < 300
    assert listed(on_air, "admin") == []
    assert on_air.ask("DELETE", ban, as_="admin").status < 300
    assert len(listed(on_air, "admin")) == 1


def test_a_channels_page_is_each_askers_own(on_air: AccountsOnAir) -> None:
    edit(on_air, visibility="followers")
    followed = on_air.ask("PUT", f"{CHANNEL}/follow", {}, as_="admin")
    assert followed.status == 200, followed
    for _ in range(2):  # whoever asked before
        shown = {who: on_air.ask("GET", CHANNEL, as_=who) for who in ("admin", None, "user")}
        standing = {who: answer.body["standing"] for who, answer in shown.items()}
        assert [standing[who]["isFollowing"] for who in ("admin", None, "user")] == [1, 0, 0]
        assert [standing[who]["isOwner"] for who in ("admin", None, "user")] == [0, 0, 1]
        assert [standing[who]["mayWatch"] for who in ("admin", None, "user")] == [1, 0, 1]
        assert len({answer.headers["ETag"] for answer in shown.values()}) == 3
    assert on_air.ask("GET", f"{CHANNEL}/broadcasts").status == 403
    assert on_air.ask("GET", f"{CHANNEL}/broadcasts", as_="user").status == 200


def test_a_void_token_is_told_so_where_an_answer_is_kept(on_air: AccountsOnAir) -> None:
    assert on_air.ask("GET", "/api/v1/directory/channels").status == 200
    headers = {"Authorization": "Bearer void"}
    assert on_air.ask("GET", "/api/v1/directory/channels", headers=headers).status == 401


def test_who_has_signed_out_is_nobody_at_the_next_request(on_air: AccountsOnAir) -> None:
    body = {"email": "bob@example.org", "password": "a horse and 7 staples", "kind": "client"}
    made = on_air.ask("POST", "/api/v1/sessions", body)
    on_air.tokens["guest"] = made.body["accessToken"]
    for _ in range(2):
        assert on_air.ask("GET", "/api/v1/me", as_="guest").status == 200
    assert on_air.ask("DELETE", "/api/v1/me/session", as_="guest").status == 204
    assert on_air.ask("GET", "/api/v1/me", as_="guest").status == 401
