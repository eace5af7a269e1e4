"""Every operation on people, tried as anybody, as a person, as a token and as an administrator."""

import re
from typing import Any

from accounts.api.operation import Access, Operation, operations_of
from accounts.api.resources.people import people_resources
from accounts.api.resources.proof import PROOF_PROBLEMS
from accounts.people.scopes import SCOPES
from tests.accounts.people.browser import Client, Reply, ServedPeople
from tests.accounts.people.world import PASSWORD, PeopleWorld

# Whatever is open to strangers stands here, one by one.
OPEN_TO_STRANGERS = {
    "readRegistration",
    "beginRegistration",
    "readRegistrationAddress",
    "completeRegistration",
    "checkSetUp",
    "completeSetUp",
    "signIn",
    "signInWithCode",
    "refreshSession",
    "readCurrentSession",
    "readProfile",
    "readPicture",
    "completeEmailChange",
    "forgetPassword",
    "resetPassword",
    "beginOpenid",
    "finishOpenid",
}
REACHED_BY_TOKENS = {"readMe", "editMe", "setAvatar", "removeAvatar"}
# What makes an administrator takes a proof of who asks, which no token is.
PROVEN_BY_ADMINISTRATORS = {"setUserRole", "removeUserSecondFactor", "createInvitation"}


def operations(world: PeopleWorld) -> list[Operation]:
    resources = people_resources(world.people, public_url="")
    return [each for resource in resources for each in operations_of(resource)]


async def send(client: Client, operation: Operation) -> Reply:
    path = re.sub(r"\{\w+\}", "acc_00000000000000000000000000", operation.path)
    more: dict[str, Any] = {"headers": {"If-Match": "*"}}
    if operation.raw_body:
        more["data"] = b""
        more["headers"]["Content-Type"] = operation.raw_body[0]
    return await client.ask(operation.method, path, {} if operation.body else None, **more)


async def test_strangers_reach_what_is_open_to_them_and_nothing_else(
    served: ServedPeople,
) -> None:
    open_ones = set()
    for operation in operations(served.world):
        if operation.access is Access.ANYBODY:
            open_ones.add(operation.operation_id)
            assert (await send(served.client(), operation)).status != 401
            continue
        for client in (served.client(), served.browser()):
            refused = await send(client, operation)
            assert (refused.status, refused.code) == (401, "unauthenticated"), operation.path
            assert "WWW-Authenticate" in refused.headers
    assert open_ones == OPEN_TO_STRANGERS


async def test_people_do_not_reach_what_is_administrators(served: ServedPeople) -> None:
    await served.world.register()
    client = await served.signed_in()
    ours = [each for each in operations(served.world) if each.access is Access.ADMIN]
    assert {each.path.partition("/")[2].partition("/")[0] for each in ours} == {"admin"}
    for operation in ours:
        refused = await send(client, operation)
        assert (refused.status, refused.code) == (403, "forbidden"), operation.path


async def test_tokens_reach_what_their_scopes_say_and_no_guard_of_the_account(
    served: ServedPeople,
) -> None:
    await served.world.make_admin()
    owner = await served.signed_in("root@example.org")
    everything = {"name": "x", "scopes": sorted(SCOPES), "days": 1, "password": PASSWORD}
    powerful, weak = served.client(), served.client()
    powerful.bearer = (await owner.ask("POST", "/me/tokens", everything)).body["token"]
    little = everything | {"scopes": ["follows:read"]}
    weak.bearer = (await owner.ask("POST", "/me/tokens", little)).body["token"]
    reached = set()
    for operation in operations(served.world):
        if operation.access is Access.ANYBODY:
            continue
        refused = await send(weak, operation)
        assert refused.status == 403, operation.path
        assert refused.code in {"scope-missing", "forbidden"}
        answer = await send(powerful, operation)
        if answer.status != 403:
            assert operation.scope in SCOPES
            reached.add(operation.operation_id)
    admins = {each.operation_id for each in operations(served.world) if each.access is Access.ADMIN}
    assert reached == REACHED_BY_TOKENS | admins - PROVEN_BY_ADMINISTRATORS


async def test_what_makes_an_administrator_says_that_it_takes_a_proof(world: PeopleWorld) -> None:
    proven = {
        each.operation_id
        for each in operations(world)
        if each.access is Access.ADMIN and each.body and "password" in each.body.model_fields
    }
    assert proven == PROVEN_BY_ADMINISTRATORS
    for each in operations(world):
        if each.operation_id in proven:
            assert each.scope is None
            assert set(PROOF_PROBLEMS) <= set(each.problems)


async def test_no_secret_is_kept_for_a_repeated_request(world: PeopleWorld) -> None:
    for operation in operations(world):
        answer = operation.answer
        names = set(answer.model_fields) if answer is not None else set()
        secrets = {"token", "link", "secret", "uri", "recovery_codes", "access_token"} & names
        assert not secrets or operation.shows_secret, operation.operation_id
