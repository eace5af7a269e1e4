"""Settings as people write them in flags and variables: a dotted name and a text."""

import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

ENVIRONMENT_PREFIX = "RILLCAST_"
_OTHER_VARIABLES = frozenset({"RILLCAST_CONFIG", "RILLCAST_DEMO_KEY"})  # flags read these


def settings_from_variables(environment: Mapping[str, str]) -> dict[str, Any]:
    """Nest variables like RILLCAST_HTTP__PORT=80 as a settings file would. Raises ValueError."""
    return _nest(
        (name.removeprefix(ENVIRONMENT_PREFIX).lower().split("__"), name, text)
        for name, text in sorted(environment.items())
        if name.startswith(ENVIRONMENT_PREFIX) and name not in _OTHER_VARIABLES
    )


def settings_from_assignments(assignments: Iterable[str]) -> dict[str, Any]:
    """Nest assignments like `http.port=80` as a settings file would. Raises ValueError."""
    split = []
    for assignment in assignments:
        name, separator, text = assignment.partition("=")
        if not separator or not name:
            raise ValueError(f"expected NAME=VALUE, got {assignment!r}")
        split.append((name.split("."), name, text))
    return _nest(split)


def _nest(settings: Iterable[tuple[list[str], str, str]]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for (*sections, last), name, text in settings:
        table = tree
        for section in sections:
            table = table.setdefault(section, {})
            if not isinstance(table, dict):
                raise ValueError(f"{name}: {section!r} is set as a whole already")  # noqa: TRY004 - the writer's fault
        table[last] = _value(name, text)
    return tree


def _value(name: str, text: str) -> object:
    # Numbers and switches need no reading here: whoever checks them takes them as text.
    if not text.startswith(("[", "{", '"')):
        return text
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{name}: expected a TOML value, got {text!r} ({error})") from None
