"""Lists are read page by page, and a cursor is nothing but a place in a list."""

import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.storage import Cursor, CursorError
from tests.accounts.api.conftest import Served

KEYS = st.lists(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
    | st.integers(-(2**63), 2**63 - 1),
    max_size=4,
).map(tuple)


async def test_pages_together_hold_every_item_once(served: Served) -> None:
    made = set()
    for number in range(7):
        _, note = await served.ask("POST", "/api/v1/notes", "ann", json={"title": f"n{number}"})
        made.add(note["id"])
    seen: list[str] = []
    query = "limit=3"
    for expected in (3, 3, 1):
        _, page = await served.ask("GET", f"/api/v1/notes?{query}")
        assert len(page["items"]) == expected
        seen += [note["id"] for note in page["items"]]
        query = f"limit=3&cursor={page['next']}"
    assert page["next"] is None
    assert len(seen) == 7
    assert set(seen) == made


@pytest.mark.parametrize("limit", ["0", "101", "-1", "x", "", "1e9", "9" * 400])
async def test_the_size_of_a_page_is_bounded(served: Served, limit: str) -> None:
    response, problem = await served.ask("GET", f"/api/v1/notes?limit={limit}")
    assert response.status == 422
    assert [error["path"] for error in problem["errors"]] == ["?limit"]


async def test_a_list_in_the_query_is_a_parameter_repeated(served: Served) -> None:
    response, _ = await served.ask("GET", "/api/v1/notes?tag=a&tag=b")
    assert response.status == 200


@settings(deadline=None)
@given(KEYS)
def test_a_cursor_survives_its_way(key: tuple[str | int, ...]) -> None:
    shape = [type(value) for value in key]
    assert Cursor.decode(Cursor(key).encode(), shape) == Cursor(key)


@settings(deadline=None)
@given(st.text(max_size=600) | st.from_regex(r"[A-Za-z0-9_-]{1,40}", fullmatch=True))
def test_any_text_is_a_cursor_or_a_cursor_error(text: str) -> None:
    try:
        cursor = Cursor.decode(text, (int, str))
    except CursorError:
        return
    assert isinstance(cursor.key[0], int)
    assert isinstance(cursor.key[1], str)


@pytest.mark.parametrize(
    "key", [("a", 1), (1,), (1, "a", "b"), (True, "a"), (2**63, "a"), (1, "a\0"), (1, "\ud800")]
)
def test_a_cursor_of_another_list_is_refused(key: tuple[object, ...]) -> None:
    text = base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")
    with pytest.raises(CursorError):
        Cursor.decode(text, (int, str))
