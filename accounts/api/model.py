"""ApiModel: what the API's bodies, queries and answers are made of."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema
from pydantic.alias_generators import to_camel

from accounts.storage.cursor import CURSOR_LENGTH_LIMIT, PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX


class ApiModel(BaseModel):
    """Explicit fields alone, written in camelCase; unknown ones are errors."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        extra="forbid",
        frozen=True,
        str_strip_whitespace=True,
        allow_inf_nan=False,
        hide_input_in_errors=True,  # a traceback must not show a password
    )


def utc_text(unix_ms: int) -> str:
    """Write a moment as RFC 3339 in UTC with milliseconds: "2026-11-21T15:29:20.123Z"."""
    moment = datetime.fromtimestamp(unix_ms // 1000, UTC).replace(microsecond=unix_ms % 1000 * 1000)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


UtcTime = Annotated[
    int,
    PlainSerializer(utc_text, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="serialization"),
]
"""A moment in an answer: unix milliseconds in the program, RFC 3339 text in JSON."""


class PageQuery(ApiModel):
    """Which page of a list. Lists with filters derive from it."""

    limit: int = Field(
        PAGE_LIMIT_DEFAULT, ge=1, le=PAGE_LIMIT_MAX, description="How many items at most."
    )
    cursor: str | None = Field(
        None,
        min_length=1,
        max_length=CURSOR_LENGTH_LIMIT,
        pattern=r"^[A-Za-z0-9_-]+$",
        description="`next` of the page before; none for the first page.",
    )
