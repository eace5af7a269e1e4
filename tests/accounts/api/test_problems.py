"""Whatever goes wrong is a problem in one form, and says nothing that it should not."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from yarl import URL

from tests.accounts.api.conftest import Served

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nothing", 404, "not-found"),
        ("GET", "/api/v1/notes/note_1", 404, "not-found"),
        ("GET", "/api/v1/notes/%00", 404, "not-found"),
        ("GET", "/api/v1/notes/" + "n" * 200, 404, "not-found"),
        ("DELETE", "/api/v1/notes", 405, "method-not-allowed"),
        ("GET", "/api/v1/notes?limit=0", 422, "invalid"),
        ("GET", "/api/v1/notes?limit=1&limit=2", 422, "invalid"),
        ("GET", "/api/v1/notes?offset=1", 422, "invalid"),
        ("GET", "/api/v1/notes/x?a=b", 422, "invalid"),
        ("GET", "/api/v1/notes?cursor=WzFd", 422, "invalid"),
        ("GET", "/api/v1/notes?tag=%00", 422, "invalid"),
        ("POST", "/api/v1/broken", 500, "internal"),
    ],
)
async def test_an_error_is_a_problem_with_a_code(
    served: Served, method: str, path: str, status: int, code: str
) -> None:
    kept_as_it_is = URL(f"{served.origin}{path}", encoded=True)
    response, problem = await served.ask(method, kept_as_it_is, "ann")
    assert (response.status, problem["code"], problem["status"]) == (status, code, status)
    assert response.content_type == "application/problem+json"
    assert problem["type"] == f"/api/docs#problem-{code}"
    assert problem["title"]
    for name, text in SECURITY_HEADERS.items():
        assert response.headers[name] == text


async def test_a_method_that_is_not_allowed_says_which_are(served: Served) -> None:
    response, _ = await served.ask("DELETE", "/api/v1/notes")
    assert response.headers["Allow"] == "GET, HEAD, POST"


async def test_a_failure_says_nothing_of_its_cause(served: Served) -> None:
    _, problem = await served.ask("POST", "/api/v1/broken")
    assert "hunter2" not in json.dumps(problem)
    assert "detail" not in problem


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, [("title", "missing")]),
        ({"title": "", "id": 1}, [("title", "at least 1"), ("id", "unknown")]),
        ({"title": 5}, [("title", "string")]),
        ({"title": "a", "tagNames": ["b", None]}, [("tagNames.1", "string")]),
        ({"title": "a", "tag_names": []}, [("tag_names", "unknown")]),
        ({"title": "a\0b"}, [("title", "U+0000")]),
        ({"title": "a", "tagNames": ["\0"]}, [("tagNames", "U+0000")]),
        ([], [("", "object")]),
        (
            {"title": "a", **{f"f{n}": 1 for n in range(100)}},
            [(f"f{n}", "unknown") for n in range(20)],
        ),
    ],
)
async def test_a_body_that_is_not_as_expected_says_where(
    served: Served, body: object, errors: list[tuple[str, str]]
) -> None:
    response, problem = await served.ask("POST", "/api/v1/notes", "ann", json=body)
    assert response.status == 422
    assert [each["path"] for each in problem["errors"]] == [path for path, _ in errors]
    for each, (_, part) in zip(problem["errors"], errors, strict=True):
        assert part in each["text"]


async def test_an_unknown_field_with_a_long_name_is_not_repeated_whole(served: Served) -> None:
    _, problem = await served.ask(
        "POST", "/api/v1/notes", "ann", json={"title": "a", "x" * 5000: 1}
    )
    (error,) = problem["errors"]
    assert len(error["path"]) == 120


@pytest.mark.parametrize(
    ("content", "kind", "status", "code"),
    [
        (b'{"title": ', "application/json", 400, "malformed"),
        (b"", "application/json", 400, "malformed"),
        (b'{"title": "\xff"}', "application/json", 400, "malformed"),
        (b'{"title": "\\ud800"}', "application/json", 400, "malformed"),
        (b"[" * 60_000, "application/json", 400, "malformed"),
        (b'{"title": "a"}', "text/plain", 415, "unsupported-media-type"),
        (b'{"title": "a"}', "application/x-www-form-urlencoded", 415, "unsupported-media-type"),
        (b'{"title": "' + b"a" * 70_000 + b'"}', "application/json", 413, "too-large"),
    ],
)
async def test_a_body_that_cannot_be_read_is_refused(
    served: Served, content: bytes, kind: str, status: int, code: str
) -> None:
    response, problem = await served.ask(
        "POST", "/api/v1/notes", "ann", {"Content-Type": kind}, data=content
    )
    assert (response.status, problem["code"]) == (status, code)
    assert not served.notes.made_count


async def test_a_body_without_a_length_is_bounded_too(served: Served) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" " * 1024
            await asyncio.sleep(0)

    response, problem = await served.ask(
        "POST", "/api/v1/notes", "ann", {"Content-Type": "application/json"}, data=endless()
    )
    assert (response.status, problem["code"]) == (413, "too-large")


async def test_a_compressed_body_is_refused(served: Served) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    response, _ = await served.ask("POST", "/api/v1/notes", "ann", headers, data=b"{}")
    assert response.status == 415


async def test_what_is_no_json_passes_as_it_is(served: Served) -> None:
    response, content = await served.ask(
        "PUT", "/api/v1/picture", None, {"Content-Type": "image/png"}, data=b"\x89PNG"
    )
    assert (response.status, response.content_type, content) == (200, "image/png", b"\x89PNG")


async def test_times_are_written_in_utc(served: Served) -> None:
    _, note = await served.ask("POST", "/api/v1/notes", "ann", json={"title": "a"})
    assert note["createdAt"] == "2025-11-21T15:29:20.123Z"
