"""Who may ask: credentials, access, scopes, and other sites' requests."""

from http.cookies import SimpleCookie

import pytest

from tests.accounts.api.conftest import Serve, Served

COOKIE = {"Cookie": "__Host-rillcast=ann"}
NOTE = {"title": "a"}


@pytest.mark.parametrize(
    ("method", "path", "as_", "status", "code"),
    [
        ("POST", "/notes", None, 401, "unauthenticated"),
        ("GET", "/notes", "nobody", 401, "unauthenticated"),
        ("DELETE", "/notes/x", None, 401, "unauthenticated"),
        ("DELETE", "/notes/x", "ann", 403, "forbidden"),
        ("DELETE", "/notes/x", "root", 404, "not-found"),
        ("GET", "/notes/x", "token", 404, "not-found"),
        ("POST", "/notes", "token", 403, "scope-missing"),
        ("POST", "/secrets", "token", 403, "scope-missing"),
        ("GET", "/notes", "token", 200, None),
        ("GET", "/notes", None, 200, None),
    ],
)
async def test_access_is_decided_before_anything_is_read(  # noqa: PLR0917 - a table's columns
    served: Served, method: str, path: str, as_: str | None, status: int, code: str | None
) -> None:
    response, answer = await served.ask(method, f"/api/v1{path}", as_)
    assert response.status == status
    assert answer.get("code") == code
    assert ("WWW-Authenticate" in response.headers) == (status == 401)


async def test_a_void_token_is_told_apart_from_none(served: Served) -> None:
    none, _ = await served.ask("POST", "/api/v1/notes")
    void, _ = await served.ask("POST", "/api/v1/notes", "nobody")
    assert none.headers["WWW-Authenticate"] == 'Bearer realm="rillcast"'
    assert void.headers["WWW-Authenticate"] == 'Bearer realm="rillcast", error="invalid_token"'


@pytest.mark.parametrize(
    "header", ["Basic YTpi", "Bearer", "Bearer ", "Bearer " + "a" * 5000, "ann"]
)
async def test_an_authorization_that_is_no_token_counts_as_none(
    served: Served, header: str
) -> None:
    response, _ = await served.ask("POST", "/api/v1/notes", None, {"Authorization": header})
    assert response.status == 401


async def test_a_stale_cookie_makes_a_visitor(served: Served) -> None:
    response, _ = await served.ask(
        "GET", "/api/v1/notes", None, {"Cookie": "__Host-rillcast=forgotten"}
    )
    assert response.status == 200


async def test_a_session_cookie_is_out_of_reach_of_scripts_and_other_sites(served: Served) -> None:
    response, _ = await served.ask("POST", "/api/v1/sign-in", None, {"X-Forwarded-Proto": "https"})
    cookie = SimpleCookie(response.headers["Set-Cookie"])["__Host-rillcast"]
    assert cookie["httponly"]
    assert cookie["secure"]
    assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Lax", "/", "")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 201),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"}, 201),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "OWN"}, 403),
        ({"Origin": "OWN"}, 201),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://[evil"}, 403),
        ({}, 403),
    ],
)
async def test_a_cookie_changes_nothing_unless_our_own_pages_ask(
    served: Served, headers: dict[str, str], status: int
) -> None:
    own = {
        name: served.origin if text == "OWN" else text for name, text in (headers | COOKIE).items()
    }
    response, answer = await served.ask("POST", "/api/v1/notes", None, own, json=NOTE)
    assert response.status == status
    assert answer.get("code") == (None if status == 201 else "cross-site")
    assert served.notes.made_count == (status == 201)


async def test_reading_with_a_cookie_needs_no_proof_of_origin(served: Served) -> None:
    response, _ = await served.ask("GET", "/api/v1/notes/x", None, COOKIE)
    assert response.status == 404


async def test_a_token_needs_no_proof_of_origin(served: Served) -> None:
    headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site", **COOKIE}
    response, _ = await served.ask("POST", "/api/v1/notes", "ann", headers, json=NOTE)
    assert response.status == 201


@pytest.mark.parametrize("header", ["Basic YTpi", "Bearer", "Digest ann", "ann"])
async def test_what_a_browser_adds_for_a_proxy_is_no_token(served: Served, header: str) -> None:
    evil = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site", **COOKIE}
    headers = evil | {"Authorization": header}
    response, answer = await served.ask("POST", "/api/v1/notes", None, headers, json=NOTE)
    assert (response.status, answer["code"]) == (403, "cross-site")
    response, _ = await served.ask("POST", "/api/v1/sign-in", None, headers)
    assert response.status == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_another_site_cannot_sign_a_browser_in(served: Served, site: str) -> None:
    response, _ = await served.ask("POST", "/api/v1/sign-in", None, {"Sec-Fetch-Site": site})
    assert response.status == 403
    assert "Set-Cookie" not in response.headers


async def test_behind_a_proxy_the_public_url_says_what_our_own_origin_is(serve: Serve) -> None:
    served = await serve(public_url="https://live.example.org")
    for origin, status in (("https://live.example.org", 201), (served.origin, 403)):
        headers = {**COOKIE, "Origin": origin}
        response, _ = await served.ask("POST", "/api/v1/notes", None, headers, json=NOTE)
        assert response.status == status
