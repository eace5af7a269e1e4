"""Administrators over HTTP: users, invitations, the set-up link."""

from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.people.account import AccountRole
from accounts.people.administration import Administration
from accounts.people.belongings import NoBelongings
from accounts.people.settings import RegistrationSettings
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
        ("DELETE", f"{path}/second-factor", None),
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
    suspended = await root.ask("PUT", f"{path}/suspension", {"reason": "spam"})
    assert suspended.body["suspensionReason"] == "spam"
    assert (await ann.ask("GET", "/me")).status == 401
    assert (await served.client().ask("GET", f"/accounts/{ann_id}")).status == 404
    restored = await root.ask("DELETE", f"{path}/suspension")
    assert restored.body["suspendedAt"] is None
    promoted = await root.ask(
        "PUT", f"{path}/role", {"role": "admin"}, headers={"If-Match": restored.headers["ETag"]}
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
    for client in (root, script):
        for method, target, body in (
            ("DELETE", f"{path}/second-factor", None),
            ("PUT", f"{path}/role", {"role": "user"}),
            ("DELETE", path, None),
        ):
            refused = await client.ask(method, target, body, headers={"If-Match": "*"})
            assert (refused.status, refused.code) == (409, "conflict"), target
    assert (await root.ask("GET", path)).body["role"] == "admin"


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
    made = await root.ask("POST", "/admin/invitations", {"email": "bob@example.org"})
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
    made = await client.ask("POST", "/set-up", body)
    assert made.status == 201
    client.bearer = made.body["accessToken"]
    assert (await client.ask("GET", "/admin/users")).status == 200
    again = await served.client().ask("POST", "/set-up", body | {"email": "eve@example.org"})
    assert (again.status, again.code) == (410, "link-void")


async def test_registration_says_that_it_is_closed(served: ServedPeople) -> None:
    served.world.people.registration._settings = RegistrationSettings(mode="closed")
    refused = await served.client().ask("POST", "/registrations", {"email": "a@example.org"})
    assert (refused.status, refused.code) == (403, "registration-closed")
