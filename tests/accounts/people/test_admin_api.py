"""Administrators over HTTP: users, invitations, the set-up link."""

from typing import Any

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.people.account import AccountRole
from accounts.people.administration import Administration
from accounts.people.belongings import NoBelongings
from accounts.people.settings import RegistrationSettings
from accounts.people.tables import accounts
from tests.accounts.people.browser import ServedPeople
from tests.accounts.people.world import PASSWORD, PeopleWorld

COOKIE = "__Host-rillcast"


async def test_administrators_manage_people_and_others_do_not(served: ServedPeople) -> None:
    world = served.world
    await world.make_admin()
    ann_id = await world.register()
    ann, root = await served.signed_in(), await served.signed_in("root@example.org")
    path = f"/admin/users/{ann_id}"
    for method, target, body in (
        ("GET", "/admin/users", None),
        ("GET", path, None),
        ("PUT", f"{path}/role", {"role": "admin"}),
        ("PUT", f"{path}/suspension", {}),
        ("DELETE", f"{path}/suspension", None),
        ("DELETE", f"{path}/sessions", None),
        ("POST", f"{path}/second-factor/removal", {}),
        ("POST", f"{path}/password-reset", None),
        ("DELETE", path, None),
        ("GET", "/admin/invitations", None),
        ("POST", "/admin/invitations", {}),
        ("DELETE", "/admin/invitations/inv_0", None),
    ):
        headers = {"If-Match": "*"}
        assert (await ann.ask(method, target, body, headers=headers)).status == 403, target
        assert (await served.client().ask(method, target, body, headers=headers)).status == 401

    listed = (await root.ask("GET", "/admin/users?limit=1")).body
    assert listed["next"]
    rest = (await root.ask("GET", f"/admin/users?limit=1&cursor={listed['next']}")).body
    assert {listed["items"][0]["id"], rest["items"][0]["id"]} >= {ann_id}
    found = (await root.ask("GET", "/admin/users?email=ANN@example.org")).body["items"]
    assert [each["id"] for each in found] == [ann_id]
    assert (await root.ask("GET", "/admin/users?email=%25")).body["items"] == []
    for words, names in (("ANN@exam", ["Ann"]), ("oOt", ["Root"]), ("%25", []), ("_nn", [])):
        found = (await root.ask("GET", f"/admin/users?q={words}")).body["items"]
        assert [each["displayName"] for each in found] == names, words
    await ann.edit_me(displayName="Žofie ÅNGSTRÖM-Straße")
    for words in ("žofie", "ZOFIE", "Ångström", "angstrom-STRASSE", "ｚｏｆｉｅ", "fie  ang"):  # noqa: RUF001 - wide letters
        found = await root.ask("GET", "/admin/users", params={"q": words})
        assert [each["id"] for each in found.body["items"]] == [ann_id], words
    found = await root.ask("GET", "/admin/users", params={"q": "\u0301"})
    assert found.body["items"] == []
    suspended = await root.ask("PUT", f"{path}/suspension", {"reason": "spam"})
    assert suspended.body["suspensionReason"] == "spam"
    assert (await ann.ask("GET", "/me")).status == 401
    assert (await served.client().ask("GET", f"/accounts/{ann_id}")).status == 404
    restored = await root.ask("DELETE", f"{path}/suspension")
    assert restored.body["suspendedAt"] is None
    promoted = await root.ask(
        "PUT",
        f"{path}/role",
        {"role": "admin", "password": PASSWORD},
        headers={"If-Match": restored.headers["ETag"]},
    )
    assert promoted.body["role"] == "admin"
    assert (await root.ask("POST", f"{path}/password-reset")).status == 202
    assert "#token=" in world.mailbox.last.text
    assert (await root.ask("DELETE", path)).status == 204
    assert (await root.ask("GET", path)).status == 404


async def test_there_is_always_an_administrator(served: ServedPeople) -> None:
    root_id = await served.world.make_admin()
    root = await served.signed_in("root@example.org")
    path = f"/admin/users/{root_id}"
    for method, target, body in (
        ("PUT", f"{path}/role", {"role": "user"}),
        ("PUT", f"{path}/suspension", {}),
        ("DELETE", path, None),
        ("POST", "/me/deletion", {"password": PASSWORD}),
    ):
        refused = await root.ask(method, target, body, headers={"If-Match": "*"})
        assert (refused.status, refused.code) == (409, "conflict"), target


async def test_no_administrator_gets_around_the_guard_of_their_own_account(
    served: ServedPeople,
) -> None:
    await served.world.make_admin()
    root_id = await served.world.make_admin("second@example.org")
    root = await served.signed_in("second@example.org")
    token = {"name": "x", "scopes": ["admin"], "days": 1, "password": PASSWORD}
    script = served.client()
    script.bearer = (await root.ask("POST", "/me/tokens", token)).body["token"]
    path = f"/admin/users/{root_id}"
    proof = {"password": PASSWORD}
    for method, target, body, for_script in (
        ("POST", f"{path}/second-factor/removal", proof, (403, "scope-missing")),
        ("PUT", f"{path}/role", {"role": "user"} | proof, (403, "scope-missing")),
        ("DELETE", path, None, (409, "conflict")),
    ):
        for client, expected in ((root, (409, "conflict")), (script, for_script)):
            refused = await client.ask(method, target, body, headers={"If-Match": "*"})
            assert (refused.status, refused.code) == expected, target
    assert (await root.ask("GET", path)).body["role"] == "admin"


GIVING_POWER: tuple[tuple[str, str, dict[str, Any], int], ...] = (
    ("PUT", "/admin/users/{}/role", {"role": "admin"}, 200),
    ("POST", "/admin/users/{}/second-factor/removal", {}, 204),
    ("POST", "/admin/invitations", {"role": "admin"}, 201),
)


async def test_giving_power_takes_the_password_and_no_token_will_do(
    served: ServedPeople,
) -> None:
    world = served.world
    await world.make_admin()
    ann_id = await world.register()
    root = await served.signed_in("root@example.org", browser=True)
    script = served.client()
    token = {"name": "x", "scopes": ["admin"], "days": 1, "password": PASSWORD}
    script.bearer = (await root.ask("POST", "/me/tokens", token)).body["token"]
    headers = {"If-Match": "*"}
    for method, path, body, status in GIVING_POWER:
        target = path.format(ann_id)
        for proof in ({}, {"password": None}, {"password": "wrong"}):
            refused = await root.ask(method, target, body | proof, headers=headers)
            assert (refused.status, refused.code) == (401, "wrong-credentials"), target
        right = body | {"password": PASSWORD}
        refused = await script.ask(method, target, right, headers=headers)
        assert (refused.status, refused.code) == (403, "scope-missing"), target
        assert (await root.ask("GET", f"/admin/users/{ann_id}")).body["role"] == "user"
        assert (await root.ask("GET", "/admin/invitations")).body["items"] == []
        assert (await root.ask(method, target, right, headers=headers)).status == status, target
        demoted = {"role": "user", "password": PASSWORD}
        await root.ask("PUT", f"/admin/users/{ann_id}/role", demoted, headers=headers)


async def test_who_has_no_password_gives_power_within_a_fresh_log_in(
    served: ServedPeople,
) -> None:
    world = served.world
    root_id = await world.make_admin()
    ann_id = await world.register()
    root = await served.signed_in("root@example.org", browser=True)

    async def forget_password(connection: AsyncConnection) -> None:
        await connection.execute(
            update(accounts).where(accounts.c.id == root_id).values(password_hash=None)
        )

    await world.database.write(forget_password)
    headers = {"If-Match": "*"}
    for method, path, body, status in GIVING_POWER:
        answer = await root.ask(method, path.format(ann_id), body, headers=headers)
        assert answer.status == status, path
    world.wait(int(world.settings.sessions.fresh_s * 1000) + 1)
    for method, path, body, _ in GIVING_POWER:
        refused = await root.ask(method, path.format(ann_id), body, headers=headers)
        assert (refused.status, refused.code) == (403, "sign-in-again"), path


async def test_guessing_an_administrators_password_by_a_stolen_log_in_makes_wait(
    served: ServedPeople,
) -> None:
    await served.world.make_admin()
    thief = await served.signed_in("root@example.org", browser=True)
    for _ in range(5):
        refused = await thief.ask("POST", "/admin/invitations", {"password": "wrong"})
        assert refused.status == 401
    waits = await thief.ask("POST", "/admin/invitations", {"password": PASSWORD})
    assert (waits.status, waits.code) == (429, "too-many-guesses")


class RememberedDemotions(NoBelongings):
    """Remembers who is an administrator no more."""

    def __init__(self) -> None:
        self.account_ids: list[str] = []

    async def step_down(self, connection: AsyncConnection, account_id: str, now_ms: int) -> None:  # noqa: ARG002 - Belongings' signature
        self.account_ids.append(account_id)


async def test_who_is_an_administrator_no_more_keeps_nothing_that_was_given_as_one(
    world: PeopleWorld,
) -> None:
    await world.make_admin()
    second = await world.make_admin("second@example.org")
    demoted = RememberedDemotions()
    administration = Administration(world.context, world.people.passwords, demoted)
    roles: tuple[AccountRole, ...] = ("admin", "user", "user", "admin")
    for role in roles:
        await administration.set_role(second, role, lambda _: None)
    assert demoted.account_ids == [second]


async def test_an_invitation_is_made_used_and_gone(served: ServedPeople) -> None:
    world = served.world
    await world.make_admin()
    root = await served.signed_in("root@example.org")
    asked = {"email": "bob@example.org", "password": PASSWORD}
    made = await root.ask("POST", "/admin/invitations", asked)
    assert made.status == 201
    token = made.body["link"].partition("#invitation=")[2]
    assert "link" not in (await root.ask("GET", "/admin/invitations")).body["items"][0]
    body = {"token": token, "password": PASSWORD, "displayName": "Bob", "kind": "client"}
    assert (await served.client().ask("POST", "/registrations/complete", body)).status == 201
    again = await served.client().ask("POST", "/registrations/complete", body)
    assert (again.status, again.code) == (403, "registration-closed")
    assert (await root.ask("GET", "/admin/invitations")).body["items"] == []


async def test_the_set_up_link_works_over_the_api(served: ServedPeople) -> None:
    token = str(await served.world.people.set_up.link()).partition("#token=")[2]
    body = {
        "token": token,
        "email": "root@example.org",
        "password": PASSWORD,
        "displayName": "Root",
        "kind": "client",
    }
    client = served.client()
    check = {"token": token}
    assert (await client.ask("POST", "/set-up/check", check)).status == 204
    made = await client.ask("POST", "/set-up", body)
    assert made.status == 201
    client.bearer = made.body["accessToken"]
    assert (await client.ask("GET", "/admin/users")).status == 200
    again = await served.client().ask("POST", "/set-up", body | {"email": "eve@example.org"})
    assert (again.status, again.code) == (410, "link-void")
    checked = await served.client().ask("POST", "/set-up/check", check)
    assert (checked.status, checked.code) == (410, "link-void")
    cut_off = await served.client().ask("POST", "/set-up/check", {"token": token[:-1]})
    assert (cut_off.status, cut_off.code) == (422, "invalid")


async def test_registration_says_that_it_is_closed(served: ServedPeople) -> None:
    served.world.people.registration._settings = RegistrationSettings(mode="closed")
    refused = await served.client().ask("POST", "/registrations", {"email": "a@example.org"})
    assert (refused.status, refused.code) == (403, "registration-closed")
