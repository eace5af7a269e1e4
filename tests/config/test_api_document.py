"""The API's document, as the web pages' types are made of it: without a server."""

import json

from config.api_document import api_document


def test_the_document_describes_people_and_channels() -> None:
    document = json.loads(api_document())
    assert document["openapi"] == "3.1.0"
    assert {"/api/v1/session", "/api/v1/me", "/api/v1/channels"} <= document["paths"].keys()


def test_the_document_is_the_same_each_time() -> None:
    assert api_document() == api_document()
