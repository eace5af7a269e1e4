"""Which cookie a browser is given, and which one counts, by how its requests come."""

from http.cookies import SimpleCookie

import pytest

from tests.accounts.api.conftest import Serve, Served

SECURE, PLAIN = "__Host-rillcast", "rillcast"
HTTPS = {"X-Forwarded-Proto": "https"}
NOTE = {"title": "a"}


def cookie_of(headers: list[str]) -> tuple[str, bool]:
    """The one cookie that was set, and whether it is for HTTPS alone."""
    (header,) = headers
    ((name, morsel),) = SimpleCookie(header).items()
    assert morsel["httponly"]
    assert (morsel["samesite"], morsel["path"], morsel["domain"]) == ("Lax", "/", "")
    return name, bool(morsel["secure"])


@pytest.mark.parametrize(
    ("headers", "is_https"),
    [
        ({}, False),
        ({"Origin": "OWN"}, False),
        ({"X-Forwarded-Proto": "http"}, False),
        ({"X-Forwarded-Proto": "https"}, True),
        ({"X-Forwarded-Proto": "HTTPS, http"}, True),
        # A proxy that says nothing: the browser says where its page came from.
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://live.example.org"}, True),
        ({"Sec-Fetch-Site": "same-origin", "Cookie": f"{SECURE}=ann"}, True),
    ],
)
async def test_any_sign_of_https_makes_a_cookie_for_https_alone(
    served: Served, headers: dict[str, str], is_https: bool
) -> None:
    sent = {name: served.origin if text == "OWN" else text for name, text in headers.items()}
    response, _ = await served.ask("POST", "/api/v1/sign-in", None, sent)
    assert response.status == 204
    name, is_secure = cookie_of(response.headers.getall("Set-Cookie"))
    assert (name, is_secure) == ((SECURE, True) if is_https else (PLAIN, False))


async def test_a_server_with_an_https_address_never_sets_or_takes_a_plain_cookie(
    serve: Serve,
) -> None:
    served = await serve(public_url="https://live.example.org")
    for headers in ({}, {"X-Forwarded-Proto": "http"}):
        response, _ = await served.ask("POST", "/api/v1/sign-in", None, headers)
        assert cookie_of(response.headers.getall("Set-Cookie")) == (SECURE, True)
    plain, _ = await served.ask("GET", "/api/v1/notes/x", None, {"Cookie": f"{PLAIN}=ann"})
    assert plain.status == 401
    kept, _ = await served.ask("GET", "/api/v1/notes/x", None, {"Cookie": f"{SECURE}=ann"})
    assert kept.status == 404


async def test_a_page_without_tls_cannot_sign_in_where_the_address_is_https(serve: Serve) -> None:
    served = await serve(public_url="https://live.example.org")
    response, answer = await served.ask(
        "POST", "/api/v1/sign-in", None, {"Origin": "http://live.example.org"}
    )
    assert (response.status, answer["code"]) == (403, "cross-site")
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize(
    ("cookies", "headers", "status"),
    [
        (f"{PLAIN}=ann", {}, 404),
        (f"{PLAIN}=ann", HTTPS, 401),
        (f"{PLAIN}=ann", {"Origin": "https://live.example.org"}, 401),
        (f"{SECURE}=ann", {}, 404),
        (f"{SECURE}=ann", HTTPS, 404),
        # What was planted, by a neighbour on another port or a subdomain, never wins.
        (f"{PLAIN}=root; {SECURE}=ann", {}, 404),
        (f"{PLAIN}=ann; {SECURE}=nobody", {}, 401),
        (f"{PLAIN}=ann; {PLAIN}=root", {}, 401),
        (f"{PLAIN}=root; {PLAIN}=ann", {}, 401),
        (f"{PLAIN}=ann; {PLAIN}=ann", {}, 404),
        (f"{PLAIN}=", {}, 401),
        (f"{PLAIN}={'a' * 5000}", {}, 401),
        (f"x{PLAIN}=ann", {}, 401),
        (f" {PLAIN}=ann ;", {}, 404),
    ],
)
async def test_a_plain_cookie_counts_only_where_nothing_better_could_be_had(
    served: Served, cookies: str, headers: dict[str, str], status: int
) -> None:
    response, _ = await served.ask("GET", "/api/v1/notes/x", None, {"Cookie": cookies, **headers})
    assert response.status == status


@pytest.mark.parametrize(("headers", "name"), [({}, PLAIN), (HTTPS, SECURE)])
async def test_signing_out_takes_back_the_cookie_that_signing_in_gave(
    served: Served, headers: dict[str, str], name: str
) -> None:
    sent = {"Cookie": f"{name}=ann", "Sec-Fetch-Site": "same-origin", **headers}
    response, _ = await served.ask("POST", "/api/v1/sign-out", None, sent)
    (header,) = response.headers.getall("Set-Cookie")
    assert SimpleCookie(header)[name]["max-age"] == "0"
    assert ("Secure" in header) == (name == SECURE)


@pytest.mark.parametrize(
    ("origin", "headers", "status"),
    [
        ("OWN", {}, 201),
        ("http://127.0.0.1:1", {}, 403),  # another port is another origin, but gets our cookie sent
        ("http://evil.example", {}, 403),
        ("null", {}, 403),
        (None, {}, 403),
        # The same host without TLS: whoever sits between may have written that page.
        ("OWN", HTTPS, 403),
    ],
)
async def test_without_tls_the_origin_alone_keeps_other_sites_out(
    served: Served, origin: str | None, headers: dict[str, str], status: int
) -> None:
    cookie = SECURE if headers else PLAIN
    sent = {"Cookie": f"{cookie}=ann", **headers}
    if origin is not None:
        sent["Origin"] = served.origin if origin == "OWN" else origin
    response, _ = await served.ask("POST", "/api/v1/notes", None, sent, json=NOTE)
    assert response.status == status


async def test_another_site_cannot_sign_a_browser_in_without_tls(served: Served) -> None:
    response, _ = await served.ask(
        "POST", "/api/v1/sign-in", None, {"Origin": "http://evil.example"}
    )
    assert response.status == 403
    assert "Set-Cookie" not in response.headers
