"""ETags: nobody overwrites an edit that they have not seen."""

from typing import Any

import pytest

from accounts.api.etag import Precondition, parse_tags
from tests.accounts.api.conftest import Served


async def a_note(served: Served) -> tuple[str, Any]:
    response, note = await served.ask("POST", "/api/v1/notes", "ann", json={"title": "a"})
    assert response.headers["Location"] == f"/api/v1/notes/{note['id']}"
    return response.headers["Location"], note


async def test_an_edit_with_the_etag_that_was_read_succeeds_once(served: Served) -> None:
    path, _ = await a_note(served)
    read, _ = await served.ask("GET", path, "ann")
    headers = {"If-Match": read.headers["ETag"]}
    first, note = await served.ask("PATCH", path, "ann", headers, json={"title": "b"})
    assert (first.status, note["title"]) == (200, "b")
    second, problem = await served.ask("PATCH", path, "ann", headers, json={"title": "c"})
    assert (second.status, problem["code"]) == (412, "precondition-failed")
    headers = {"If-Match": first.headers["ETag"]}
    third, note = await served.ask("PATCH", path, "ann", headers, json={"title": "c"})
    assert (third.status, note["title"]) == (200, "c")


async def test_an_edit_without_an_etag_is_refused(served: Served) -> None:
    path, _ = await a_note(served)
    response, problem = await served.ask("PATCH", path, "ann", json={"title": "b"})
    assert (response.status, problem["code"]) == (428, "precondition-required")


@pytest.mark.parametrize(
    ("header", "status"),
    [("*", 200), ('"7", "1"', 200), ('W/"1"', 412), ('"1x"', 412), ("1", 400), ('"1", x', 400)],
)
async def test_if_match_is_read_as_the_standard_says(
    served: Served, header: str, status: int
) -> None:
    path, _ = await a_note(served)
    response, _ = await served.ask("PATCH", path, "ann", {"If-Match": header}, json={"title": "b"})
    assert response.status == status


async def test_what_has_not_changed_is_not_sent_again(served: Served) -> None:
    path, _ = await a_note(served)
    read, _ = await served.ask("GET", path, "ann")
    for known, status in (
        (read.headers["ETag"], 304),
        (f"W/{read.headers['ETag']}", 304),
        ('"9"', 200),
    ):
        response, content = await served.ask("GET", path, "ann", {"If-None-Match": known})
        assert response.status == status
        assert response.headers["ETag"] == read.headers["ETag"]
        assert response.headers["Cache-Control"] == "private, no-cache"
        assert response.headers["Vary"] == "Authorization, Cookie"
        assert bool(content) == (status == 200)


async def test_head_is_answered_like_get_without_the_body(served: Served) -> None:
    path, _ = await a_note(served)
    response, content = await served.ask("HEAD", path, "ann")
    assert (response.status, content) == (200, b"")
    assert "ETag" in response.headers


def test_tags_are_parsed_strictly() -> None:
    assert parse_tags("*") == Precondition(frozenset(), is_any=True)
    assert parse_tags('"a","b"') == Precondition(frozenset({'"a"', '"b"'}))
    for wrong in ("", "a", '"', '"a', 'a"', '"a"b"', '"a" "b"', 'w/"a"'):
        assert parse_tags(wrong) is None
