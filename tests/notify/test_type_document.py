"""The document that the web pages' types are made of."""

import json
import re

from notify.events import ALL_EVENTS
from notify.type_document import type_document
from notify.wire import COMMANDS


def test_every_event_and_command_is_in_it() -> None:
    schemas = type_document()["components"]["schemas"]
    assert {each.__name__ for each in (*ALL_EVENTS, *COMMANDS)} <= schemas.keys()
    told = {schemas[event.__name__]["properties"]["type"]["const"] for event in ALL_EVENTS}
    assert told == {event.TYPE for event in ALL_EVENTS}


def test_what_it_speaks_of_is_in_it() -> None:
    document = type_document()
    spoken_of = re.findall(r'"\$ref": "([^"]+)"', json.dumps(document))
    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert spoken_of
    assert set(spoken_of) <= known
