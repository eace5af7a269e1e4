"""The document of the API, for programs and for people."""

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from accounts.api.document import openapi_document
from accounts.api.operation import operations_of
from tests.accounts.api.conftest import Notes, Served


@pytest.fixture
async def document(served: Served) -> Any:
    response, found = await served.ask("GET", "/api/openapi.json")
    assert response.status == 200
    return found


async def test_the_document_is_openapi(document: Any) -> None:
    assert document["openapi"] == "3.1.0"
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


async def test_every_operation_says_what_clients_need(document: Any) -> None:
    operations = [each for path in document["paths"].values() for each in path.values()]
    responses = document["components"]["responses"]
    assert len(operations) == len(operations_of(Notes()))
    assert len({each["operationId"] for each in operations}) == len(operations)
    for each in operations:
        assert each["tags"] == ["notes"]
        assert each["summary"]
        assert each["security"]
        for status in ("401", "422", "429", "500", "503"):
            name = each["responses"][status]["$ref"].removeprefix("#/components/responses/")
            problem = responses[name]["content"]["application/problem+json"]
            assert problem["schema"] == {"$ref": "#/components/schemas/Problem"}


async def test_an_operation_is_described_as_it_was_declared(document: Any) -> None:
    create = document["paths"]["/api/v1/notes"]["post"]
    assert (create["operationId"], create["summary"]) == ("createNote", "Write a note")
    assert create["description"] == "It is kept until it is deleted."
    assert create["security"] == [{"session": []}, {"bearer": []}]
    assert create["x-required-scope"] == "notes:write"
    assert [each["name"] for each in create["parameters"]] == ["Idempotency-Key"]
    assert set(create["responses"]["201"]["headers"]) == {"Location"}
    assert create["responses"]["409"]["$ref"].endswith(
        "/already-created.request-running.title-taken"
    )
    shared = document["components"]["responses"]["already-created.request-running.title-taken"]
    assert "`title-taken`" in shared["description"]
    edit = document["paths"]["/api/v1/notes/{note_id}"]["patch"]
    assert [(each["name"], each["required"]) for each in edit["parameters"]] == [
        ("note_id", True),
        ("If-Match", True),
    ]
    assert {"412", "428"} <= set(edit["responses"])
    read = document["paths"]["/api/v1/notes/{note_id}"]["get"]
    assert "304" in read["responses"]
    listing = document["paths"]["/api/v1/notes"]["get"]
    assert listing["security"][0] == {}
    assert [each["name"] for each in listing["parameters"]] == ["limit", "cursor", "tag"]
    assert listing["parameters"][0]["schema"]["maximum"] == 100
    assert "null" not in json.dumps(listing["parameters"])


async def test_fields_are_named_as_they_are_sent(document: Any) -> None:
    schemas = document["components"]["schemas"]
    assert list(schemas["NoteView"]["properties"]) == ["id", "title", "tagNames", "createdAt"]
    assert schemas["NoteView"]["properties"]["createdAt"]["format"] == "date-time"
    assert schemas["NewNote"]["additionalProperties"] is False
    assert "NoteViewList" in schemas
    assert "NoteQuery" not in schemas


async def test_the_document_may_be_read_by_any_site_and_is_sent_once(served: Served) -> None:
    first, _ = await served.ask("GET", "/api/openapi.json")
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    again, _ = await served.ask(
        "GET", "/api/openapi.json", None, {"If-None-Match": first.headers["ETag"]}
    )
    assert again.status == 304


class Page(HTMLParser):
    """Collects what a page links to, and checks that its elements are closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.kinds: set[str] = set()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.kinds.add(tag)
        if tag != "meta":
            self.open.append(tag)
        self.ids += [named["id"] or ""] if "id" in named else []
        self.links += [named["href"] or ""] if "href" in named else []

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


async def test_people_get_a_page_without_scripts_in_which_every_link_leads_somewhere(
    served: Served, document: Any
) -> None:
    response, content = await served.ask("GET", "/api/docs")
    assert (response.status, response.content_type, response.charset) == (200, "text/html", "utf-8")
    policy = response.headers["Content-Security-Policy"]
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[\w+/=]{44}'; base-uri 'none'; "
        r"form-action 'none'; frame-ancestors 'none'",
        policy,
    )
    page = Page()
    page.feed(content.decode())
    page.close()
    assert page.open == []
    assert "script" not in page.kinds
    assert len(set(page.ids)) == len(page.ids)
    for link in page.links:
        assert link == "/api/openapi.json" or link.removeprefix("#") in page.ids
    for path in document["paths"].values():
        assert {each["operationId"] for each in path.values()} <= set(page.ids)


async def test_a_problem_leads_to_its_explanation(served: Served) -> None:
    _, problem = await served.ask("GET", "/api/v1/nothing")
    _, content = await served.ask("GET", problem["type"])
    assert f'id="{problem["type"].partition("#")[2]}"' in content.decode()


def test_the_same_operations_make_the_same_document() -> None:
    first = openapi_document(operations_of(Notes()), "/api/v1", "1")
    assert json.dumps(first) == json.dumps(openapi_document(operations_of(Notes()), "/api/v1", "1"))
