"""Event: what all events have in common, and their JSON Schema."""

from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema
from pydantic.alias_generators import to_camel


def utc_text(unix_ms: int) -> str:
    """Write a moment as RFC 3339 in UTC with milliseconds: "2026-11-21T15:29:20.123Z"."""
    moment = datetime.fromtimestamp(unix_ms // 1000, UTC).replace(microsecond=unix_ms % 1000 * 1000)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


UtcTime = Annotated[
    int,
    PlainSerializer(utc_text, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="serialization"),
]
"""A moment: unix milliseconds in the program, RFC 3339 text in JSON."""


class Event(BaseModel):
    """Something has happened. `TYPE` and `VERSION` name the schema.

    `HEARD_ON` says on which topics it is told, for the reference, and `IS_FACT` whether it is kept
    in the database and told again to who has missed it.
    """

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        extra="forbid",
        frozen=True,
    )

    TYPE: ClassVar[str]
    VERSION: ClassVar[int] = 1
    HEARD_ON: ClassVar[tuple[str, ...]]
    IS_FACT: ClassVar[bool] = True

    at: UtcTime = Field(description="When it happened.")


def schema_of(event: type[Event]) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of an event as clients get it, with what is around it."""
    schema = event.model_json_schema(mode="serialization", by_alias=True)
    around: dict[str, Any] = {
        "type": {"const": event.TYPE},
        "version": {"const": event.VERSION},
        "id": {"type": "string", "description": "Where to resume; changes with every event."},
        "topics": {
            "type": "array",
            "items": {"type": "string"},
            "description": "What it was told on; at least one that the client asked for.",
        },
    }
    schema["properties"] = around | schema["properties"]
    schema["required"] = [*around, *schema.get("required", [])]
    schema["title"] = event.__name__
    schema["additionalProperties"] = True  # what is added to a version later
    return schema
