"""The whole API holds what its document says, whatever is sent to it."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.accounts.serving import PASSWORD, AccountsOnAir, accounts_on_air

CONFIG = Path(__file__).with_name("schemathesis.toml")
# They end the log-in that the requests are made with, or lead to a page of the web UI.
NOT_TRIED = (
    "endSessions",
    "endUserSessions",
    "signOut",
    "deleteMe",
    "changePassword",
    "finishOpenid",
)
EXAMPLES = 3
pytestmark = pytest.mark.xdist_group("contract")  # one server for all of them
LIMIT_S = 900  # about 40 s on an idle machine


@pytest.fixture(scope="module")
def on_air(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AccountsOnAir]:
    with accounts_on_air(tmp_path_factory.mktemp("contract")) as running:
        yield running


@pytest.mark.timeout(LIMIT_S + 60)
def test_no_request_breaks_the_server_or_the_contract(
    on_air: AccountsOnAir, tmp_path: Path
) -> None:
    made = on_air.ask("POST", "/api/v1/channels", {"name": "studio-one"}, as_="admin")
    assert made.status == 201, made
    left_out = [part for each in NOT_TRIED for part in ("--exclude-operation-id", each)]
    command = [
        *(sys.executable, "-c", "import schemathesis.cli as cli; cli.schemathesis()"),
        *("--config-file", str(CONFIG), "run"),
        *(f"{on_air.url}/api/openapi.json", "--phases", "examples,coverage,fuzzing"),
        *("--header", f"Authorization: Bearer {on_air.tokens['admin']}"),
        # The header goes with every request: who may do what is tested below.
        *("--exclude-checks", "ignored_auth", "--max-examples", str(EXAMPLES)),
        *("--generation-deterministic", "--warnings", "off"),
        *("--no-color", "--continue-on-failure", *left_out),
    ]
    ran = subprocess.run(
        command, capture_output=True, text=True, timeout=LIMIT_S, check=False, cwd=tmp_path
    )
    assert ran.returncode == 0, ran.stdout[-20_000:] + ran.stderr[-2_000:]
    assert f"Tested: {_operation_count(on_air) - len(NOT_TRIED)}" in ran.stdout, ran.stdout


def _operation_count(on_air: AccountsOnAir) -> int:
    return sum(len(path) for path in on_air.document()["paths"].values())


def _operations(document: Any) -> Iterator[tuple[str, str, Any]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path.replace("{", "").replace("}", ""), operation


def test_nobody_gets_further_than_the_document_says(on_air: AccountsOnAir) -> None:
    scopes = sorted(
        {
            operation["x-required-scope"]
            for _, _, operation in _operations(on_air.document())
            if "x-required-scope" in operation
        }
    )
    assert scopes
    for method, path, operation in _operations(on_air.document()):
        is_open = {} in operation["security"]
        anonymous = on_air.ask(method, path)
        assert (anonymous.status == 401) <= (not is_open or _has_own_proof(operation)), path
        assert is_open or anonymous.status == 401, (method, path, anonymous)
        void = on_air.ask(method, path, headers={"Authorization": "Bearer void"})
        assert (void.status, void.body["code"]) == (401, "unauthenticated"), (method, path)


def _has_own_proof(operation: Any) -> bool:
    """Whether the operation is one that checks a secret of its own: signing in."""
    return "." in operation["responses"]["401"]["$ref"]


def test_what_is_for_administrators_is_for_nobody_else(on_air: AccountsOnAir) -> None:
    tried = 0
    for method, path, operation in _operations(on_air.document()):
        if operation.get("x-required-role") == "admin":
            refused = on_air.ask(method, path, as_="user")
            assert (refused.status, refused.body["code"]) == (403, "forbidden"), (method, path)
            tried += 1
    assert tried > 10


def test_a_personal_token_reaches_as_far_as_its_scopes(on_air: AccountsOnAir) -> None:
    body = {"name": "reader", "scopes": ["profile:read"], "days": 1, "password": PASSWORD}
    made = on_air.ask("POST", "/api/v1/me/tokens", body, as_="admin")
    assert made.status == 201, made
    on_air.tokens["reader"] = made.body["token"]
    assert on_air.ask("GET", "/api/v1/me", as_="reader").status == 200
    for method, path, operation in _operations(on_air.document()):
        if {} in operation["security"] or operation.get("x-required-scope") == "profile:read":
            continue
        refused = on_air.ask(method, path, as_="reader")
        assert refused.status == 403, (method, path)
        assert refused.body["code"] in {"scope-missing", "forbidden"}, (method, path)


def test_another_site_changes_nothing_with_a_browsers_cookie(on_air: AccountsOnAir) -> None:
    for method, path, _ in _operations(on_air.document()):
        if method == "GET":
            continue
        for headers in (
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {},
        ):
            sent = {"Cookie": "__Host-rillcast=anything", **headers}
            refused = on_air.ask(method, path, headers=sent)
            assert (refused.status, refused.body["code"]) == (403, "cross-site"), (method, path)
