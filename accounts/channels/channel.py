"""Channel: an account's named place, as values; and what may be written into one. Pure."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final, Literal, get_args

from accounts.channels import written_text
from accounts.channels.errors import FieldFault, InvalidFieldsError
from accounts.channels.visibility import Visibility
from accounts.channels.written_text import WrittenTextError

LatencyProfile = Literal["low", "normal", "steady"]
LATENCY_PROFILES: Final[tuple[str, ...]] = get_args(LatencyProfile)
GRACE_LIMIT_S: Final = 600  # viewers who look at a still picture for longer have left


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One channel as it is kept. `banned_at_ms` is None unless an administrator has closed it.

    `live_since_ms` is None while it is off air, `last_live_ms` if it never was on air.
    """

    id: str
    owner_id: str
    name: str
    title: str
    description: str
    category: str | None
    tags: tuple[str, ...]
    language: str | None
    is_mature: bool
    artwork: str | None
    latency_profile: LatencyProfile
    grace_s: int
    visibility: Visibility
    revision: int
    created_at_ms: int
    banned_at_ms: int | None
    ban_reason: str | None
    tokens_void_ms: int
    follower_count: int
    viewer_count: int
    live_since_ms: int | None
    last_live_ms: int | None


class _Unset:
    """No value was given."""


UNSET: Final = _Unset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelEdit:
    """What an owner wants to be different; UNSET stays as it is. None clears what may be absent."""

    title: str | _Unset = UNSET
    description: str | _Unset = UNSET
    category: str | _Unset | None = UNSET
    tags: tuple[str, ...] | _Unset = UNSET
    language: str | _Unset | None = UNSET
    is_mature: bool | _Unset = UNSET
    latency_profile: str | _Unset = UNSET
    grace_s: int | _Unset = UNSET
    visibility: str | _Unset = UNSET


@dataclass(frozen=True, slots=True)
class CheckedEdit:
    """An edit whose values are canonical. `columns` are the row's; `tags` None stay as they are."""

    columns: Mapping[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] | None = None


def check_edit(edit: ChannelEdit, categories: Collection[str]) -> CheckedEdit:
    """Return the edit in canonical form. Raises InvalidFieldsError that names every fault."""
    faults: list[FieldFault] = []
    columns: dict[str, Any] = {}
    rules: Mapping[str, Callable[[Any], Any]] = {
        "title": lambda text: written_text.one_line(text, written_text.TITLE_CHARACTERS),
        "description": lambda text: written_text.several_lines(
            text, written_text.DESCRIPTION_CHARACTERS
        ),
        "category": lambda word: _one_of(word, categories),
        "language": lambda text: None if text is None else written_text.language(text),
        "is_mature": bool,
        "latency_profile": lambda word: _one_of(word, LATENCY_PROFILES),
        "grace_s": _grace,
        "visibility": lambda word: _one_of(word, [each.value for each in Visibility]),
    }
    for each in fields(edit):
        value = getattr(edit, each.name)
        if value is UNSET or each.name == "tags":
            continue
        try:
            columns[each.name] = rules[each.name](value)
        except WrittenTextError as error:
            faults.append(FieldFault(each.name, str(error)))
    tags = None if isinstance(edit.tags, _Unset) else _check_tags(edit.tags, faults)
    if faults:
        raise InvalidFieldsError(faults)
    return CheckedEdit(columns, tags)


def _check_tags(texts: Iterable[str], faults: list[FieldFault]) -> tuple[str, ...]:
    tags: list[str] = []
    for position, text in enumerate(texts):
        try:
            tags.append(written_text.tag(text))
        except WrittenTextError as error:
            faults.append(FieldFault(f"tags.{position}", str(error)))
    unique = tuple(dict.fromkeys(tags))
    if len(unique) > written_text.TAGS_PER_CHANNEL:
        text = f"expected at most {written_text.TAGS_PER_CHANNEL} tags, got {len(unique)}"
        faults.append(FieldFault("tags", text))
    return unique


def _one_of(word: str | None, words: Collection[str]) -> str | None:
    if word is not None and word not in words:
        raise WrittenTextError(f"expected one of {', '.join(words)}")
    return word


def _grace(seconds: int) -> int:
    if not 0 <= seconds <= GRACE_LIMIT_S:
        raise WrittenTextError(f"expected 0 to {GRACE_LIMIT_S} seconds, got {seconds}")
    return seconds
