"""`rillcast check-config`: say what the server would run with, without starting it."""

from dataclasses import Field, fields, is_dataclass
from enum import Enum
from typing import Any, Final

import typer

from config.cli.flag import (
    ConfigFlag,
    DataFlag,
    HttpFlag,
    OpenAnywhereFlag,
    OpenFlag,
    RtmpFlag,
    SetFlag,
    settings_from_flags,
)

_HIDDEN: Final = object()


def check_config(
    config: ConfigFlag = None,
    data: DataFlag = None,
    http: HttpFlag = None,
    rtmp: RtmpFlag = None,
    open_: OpenFlag = None,
    open_anywhere: OpenAnywhereFlag = None,
    assignments: SetFlag = None,
) -> None:
    """Check the settings and print them all, as a settings file would hold them."""
    settings = settings_from_flags(config, data, http, rtmp, open_, open_anywhere, assignments)
    for line in settings_file_lines(
        {name: getattr(settings, name) for name in type(settings).model_fields}
    ):
        typer.echo(line)


def settings_file_lines(values: dict[str, Any], section: str = "") -> list[str]:
    """Write values as lines of TOML; a setting that is not set (None) becomes a comment."""
    lines: list[str] = []
    nested: list[tuple[str, dict[str, Any]]] = []
    for name, value in values.items():
        if is_dataclass(value):
            inner = {field.name: _shown(field, value) for field in fields(value)}
            nested.append((f"{section}.{name}" if section else name, inner))
        elif value is _HIDDEN:
            lines.append(f"# {name} is set, and secret")
        elif value is None:
            lines.append(f"# {name} is not set")
        else:
            lines.append(f"{name} = {toml_value(value)}")
    for name, inner in nested:
        lines += ["", f"[{name}]", *settings_file_lines(inner, name)]
    return lines


def _shown(field: Field[Any], settings: Any) -> object:
    """Return a setting's value, or _HIDDEN for a secret: what its settings do not print either."""
    value = getattr(settings, field.name)
    return value if field.repr or not value else _HIDDEN


def toml_value(value: object) -> str:
    """Write one value as TOML."""
    if is_dataclass(value):  # an entry of a table
        inner = {field.name: _shown(field, value) for field in fields(value)}
        return toml_value({name: item for name, item in inner.items() if item is not _HIDDEN})
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Enum):
        return toml_value(value.value)
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, dict):
        pairs = ", ".join(f"{key} = {toml_value(item)}" for key, item in value.items())
        return f"{{ {pairs} }}" if pairs else "{ }"
    if isinstance(value, tuple | list | set | frozenset):
        items = sorted(value) if isinstance(value, set | frozenset) else value
        return "[" + ", ".join(toml_value(item) for item in items) + "]"
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
