"""The API's document, as the web pages' types are made of it: without a server."""

import json

from config.api_document import api_document


def test_the_document_describes_people_and_channels() -> None:
    document = json.loads(api_document())
    assert document["openapi"] == "3.1.0"
    assert {"/api/v1/session", "/api/v1/me", "/api/v1/channels"} <= document["paths"].keys()


def test_the_document_is_the_same_each_time() -> None:
    assert api_document() == api_document()


def test_no_two_models_share_a_name() -> None:
    schemas = json.loads(api_document())["components"]["schemas"]
    assert [name for name in schemas if "__" in name] == []


def test_coming_back_from_an_issuer_is_answered_by_going_on() -> None:
    paths = json.loads(api_document())["paths"]
    answers = paths["/api/v1/openid/{issuer_name}/callback"]["get"]["responses"]
    assert "Location" in answers["303"]["headers"]
    assert "200" not in answers
