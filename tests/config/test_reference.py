"""The configuration reference in docs/ names every setting with its default, and no other."""

import re
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import Any

from config.cli.check_config import toml_value
from config.settings import RillcastSettings
from ingest.publisher.settings import TlsSettings

REFERENCE = Path(__file__).parents[2] / "docs" / "configuration.md"


def documented() -> dict[str, str]:
    found: dict[str, str] = {}
    section = ""
    for line in REFERENCE.read_text("utf-8").splitlines():
        if line.startswith("##"):
            named = re.search(r"`\[(.+)\]`", line)
            section = f"{named[1]}." if named else ""
        row = re.match(r"\| `(\w+)` \| (?:`(.*?)`)? ?\|", line)
        if row:
            found[section + row[1]] = row[2] or ""
    return found


def existing() -> dict[str, str]:
    found: dict[str, str] = {}

    def add(name: str, value: Any) -> None:
        if is_dataclass(value):
            for field in fields(value):
                add(f"{name}.{field.name}", getattr(value, field.name))
        elif name != "rtmp.tls":
            found[name] = toml_value(value)

    for name, setting in RillcastSettings.model_fields.items():
        add(name, setting.default)
    for field in fields(TlsSettings):
        default = "" if field.default is MISSING else toml_value(field.default)
        found[f"rtmp.tls.{field.name}"] = default
    return found


def test_the_reference_names_every_setting_with_its_default() -> None:
    assert documented() == existing()
