"""Reference: what events, commands and close codes there are, made of the code that holds them.

`python -m notify.reference` writes docs/events.md, `--json` the schemas for other programs.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from typing import Any, Final

from notify.close_code import MEANINGS
from notify.events import ALL_EVENTS, Event, schema_of
from notify.wire import COMMANDS, Command

_AROUND: Final = frozenset({"type", "version", "id", "topics"})
_INTRODUCTION: Final = """\
<!-- Made by `make events-reference` from notify/events. Do not edit. -->
# Events

What happens on a server with accounts is told as it happens: over a WebSocket at `/ws`, as
server-sent events at `/events`, and on a terminal by `rillcast tail TOPIC`.

## Topics

| topic | who may hear it | what is told |
|---|---|---|
| `channel:NAME` | who may know of the channel | it goes live or off, or says something else of \
itself, and how many watch; to those who run or moderate it, also what is wrong with what they \
publish |
| `me` | who is signed in; a personal token needs `notifications:read` | notifications, new \
followers of own channels |
| `chat:NAME` | who may watch the channel | what is said in its room, what moderators \
do there, and what they do to the listener |
| `live` | everybody | listed channels going live and off |

A right that ends while somebody listens ends the topic: `unsubscribed` with `"reason": "gone"`.
A personal token without `channels:read` hears of channels what strangers hear. Who has a shared
link, or other leave to watch, sends its token as `leave` with `subscribe`, over a WebSocket alone:
an address is no place for it.

## Resuming

Every event has an `id`. Who sends the last one as `after` (or `Last-Event-ID`) is told what came
since, once and in order. `resumed` says how much that is:

- `exact`: all of it. So it is for some thousand events back, as long as the server runs.
- `facts`: the server was restarted, or it is too long ago. Told is what is kept in the database
  (for `notify.facts_kept_hours`): all events but those marked *of the moment*. Of a room
  (`chat:NAME`) read the history: `GET /api/v1/channels/NAME/chat/messages?after=MESSAGE_ID`.
- `none`: too much was missed. Read what you show from the API anew.

Ids are opaque, and hold for all topics of a connection together: keep the newest.

## WebSocket

Messages are JSON objects with a `type`. The server begins with `welcome`, whose `id` is one to
resume from if nothing is told before the connection breaks, and whose `account` says who listens:
a page's cookie is enough, if the page is of this server (`Origin` is checked); others send an
`Authorization` header or `authenticate` first. Who does neither hears what everybody may.
A member `ref` of a command stands in the reply, too.

```json
{"type": "subscribe", "topics": ["channel:studio", "me"], "after": "k3v9x0a2bq-1f-7", "ref": 1}
{"type": "subscribed", "ref": 1, "topics": ["channel:studio", "me"], "refused": [], \
"resumed": "exact"}
```

`refused` lists topics with a `code`: `unknown` (there is no such channel, as far as you may know),
`sign-in`, `malformed`, `too-many`. A subscription counts as one command, and one more for four
topics and eight more for `after`; pings of the protocol count, too. What cannot be done is answered
with `error`, a `code` (`malformed`, `unavailable`, `too-late`) and a `text`; what is not said in a
room has \
[codes of its own](chat.md#why-a-message-is-refused).
"""
_STREAMS: Final = """\
## Server-sent events

`GET /events?topic=channel:studio&topic=live`, with the same cookie or `Authorization` header. A
browser's `EventSource` resumes by itself. Events are JSON in `data` and have no name; `welcome`,
`notice` (a topic is gone) and `end` (why the stream ends, as a close code) have one.
Refused are 400, 401 (`me` without being signed in), 403 (a page of another site), 404 (a channel
that is unknown to you), 429 (too many connections) and 503.
"""


def reference() -> str:
    """Return docs/events.md."""
    parts = [_INTRODUCTION, "### Commands\n"]
    parts += [_command(each) for each in COMMANDS]
    parts += ["### Close codes\n", _close_codes(), _STREAMS, "## Events\n"]
    parts.append(
        "Members may be added to a version of an event; nothing of it is taken away or given "
        "another meaning.\nWhat needs that is told as a new version beside the old one.\n"
    )
    parts += [_event(each) for each in ALL_EVENTS]
    return "\n".join(parts)


def schemas() -> dict[str, Any]:
    """Return the JSON Schema of all events, as one of several by their `type` and `version`."""
    found = {event.__name__: schema_of(event) for event in ALL_EVENTS}
    names = list(found)
    for schema in list(found.values()):
        found |= schema.pop("$defs", {})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Event",
        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in names],
        "$defs": found,
    }


def _command(command: type[Command]) -> str:
    schema = command.model_json_schema()
    name = schema["properties"]["type"]["const"]
    members = {
        key: member for key, member in schema["properties"].items() if key not in {"type", "ref"}
    }
    text = f"#### `{name}`\n\n{_words(command)}\n"
    return text + (f"\n{_table(members)}" if members else "")


def _event(event: type[Event]) -> str:
    schema = schema_of(event)
    members = {key: each for key, each in schema["properties"].items() if key not in _AROUND}
    topics = ", ".join(f"`{topic}`" for topic in event.HEARD_ON)
    moment = "" if event.IS_FACT else " *Of the moment:* not told after a restart."
    parts = "".join(
        f"\n`{name}`: {_sentence(part)}\n\n{_table(part['properties'])}"
        for name, part in schema.get("$defs", {}).items()
    )
    return (
        f"### `{event.TYPE}`, version {event.VERSION}\n\n{_words(event)}{moment}\n\n"
        f"Told on {topics}.\n\n{_table(members)}{parts}"
    )


def _close_codes() -> str:
    rows = ["| code | name | meaning |", "|---|---|---|"]
    rows += [
        f"| {int(code)} | `{code.name.lower()}` | {meaning} |" for code, meaning in MEANINGS.items()
    ]
    return "\n".join(rows) + "\n"


def _words(kind: type[Event] | type[Command]) -> str:
    paragraphs = " ".join((kind.__doc__ or "").split())
    return paragraphs.strip()


def _sentence(part: Mapping[str, Any]) -> str:
    return " ".join(str(part.get("description", "")).split())


def _table(members: Mapping[str, Mapping[str, Any]]) -> str:
    rows = ["| member | type | |", "|---|---|---|"]
    for name, member in members.items():
        rows.append(f"| `{name}` | {_type(member)} | {member.get('description', '')} |")
    return "\n".join(rows) + "\n"


def _type(member: Mapping[str, Any]) -> str:
    if "$ref" in member:
        return f"object `{member['$ref'].rpartition('/')[2]}`"
    if "anyOf" in member:
        return " or ".join(_type(each) for each in member["anyOf"])
    if "enum" in member:
        return " or ".join(f"`{json.dumps(each)}`" for each in _sorted(member["enum"]))
    if member.get("type") == "array":
        return f"array of {_type(member['items'])}"
    if member.get("format") == "date-time":
        return "time (RFC 3339, UTC)"
    return str(member.get("type", "any"))


def _sorted(values: Iterable[str]) -> list[str]:
    return sorted(values)


if __name__ == "__main__":
    sys.stdout.write(
        json.dumps(schemas(), indent=2) + "\n" if "--json" in sys.argv[1:] else reference()
    )
