"""ApiModel: what the API's bodies, queries and answers are made of."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Generic, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
    field_validator,
)
from pydantic.alias_generators import to_camel

from accounts.storage.cursor import (
    CURSOR_LENGTH_LIMIT,
    PAGE_LIMIT_DEFAULT,
    PAGE_LIMIT_MAX,
    Page,
)

Item = TypeVar("Item")
Row = TypeVar("Row")


_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")


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
        defer_build=True,  # until it is used: a hundred models would take 0.2 s of every start
    )

    @field_validator("*", mode="after")
    @classmethod
    def _refuse_unstorable(cls, value: Any) -> Any:
        if not is_storable(value):
            raise ValueError("expected text without the characters U+0000 and U+D800 to U+DFFF")
        return value


def is_storable(value: object) -> bool:
    """Whether every text in the value can be kept; PostgreSQL takes neither NUL nor surrogates."""
    if isinstance(value, str):
        return _UNSTORABLE.search(value) is None
    if isinstance(value, Mapping):
        return all(is_storable(key) and is_storable(item) for key, item in value.items())
    if isinstance(value, list | tuple | set | frozenset):
        return all(map(is_storable, value))
    return True


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


class Listing(ApiModel, Generic[Item]):
    """One page of a list."""

    items: tuple[Item, ...]
    next: str | None = Field(
        description="Send it as `cursor` to get the next page; null on the last."
    )

    @classmethod
    def of(cls, page: Page[Row], item_of: Callable[[Row], Item]) -> "Listing[Item]":
        """Show a page; call it on the list of the right items: `Listing[ChannelView].of(...)`."""
        following = None if page.next is None else page.next.encode()
        return cls(items=tuple(map(item_of, page.items)), next=following)
