"""RillcastSettings: every setting, from a TOML file, the environment and flags, in rising order."""

import ipaddress
import os
import tomllib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, get_args, get_type_hints

from pydantic import BaseModel, ConfigDict, ValidationError

from accounts.settings import AccountsSettings
from analytics.settings import AnalyticsSettings
from config.data_folder import has_key_file_alone
from config.setting_text import settings_from_variables
from distribution.settings import HttpSettings
from ingest.channel_name import is_channel_name
from ingest.publisher.settings import RtmpSettings
from notify.settings import NotifySettings
from packager.settings import PackagerSettings

_LOOPBACK = "127.0.0.1"


class SettingsError(Exception):
    """The settings cannot be used; the text says which, what was expected and what came."""


class RillcastSettings(BaseModel):
    """All settings of one server.

    `data` is the folder that the server writes to. `channel` is the channel for which a key is
    made at the first start. `open` accepts every stream name without a key, on loopback only
    unless `open_anywhere` is set too. The sections are described in their packages.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    data: Path = Path("data")
    channel: str = "studio"
    open: bool = False
    open_anywhere: bool = False
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["text", "json"] = "text"
    http: HttpSettings = HttpSettings()
    rtmp: RtmpSettings = RtmpSettings()
    packager: PackagerSettings = PackagerSettings()
    accounts: AccountsSettings = AccountsSettings()
    notify: NotifySettings = NotifySettings()
    analytics: AnalyticsSettings = AnalyticsSettings()


def load_settings(file: Path | None, flags: Mapping[str, Any]) -> RillcastSettings:
    """Read, merge and check all settings. `flags` is nested like the file. Raises SettingsError."""
    if file is not None and not file.is_file():
        raise SettingsError(f"{file}: no such settings file")
    settings = _read(file, flags, {})
    fallback = _fallback(settings)
    if fallback:
        settings = _read(file, flags, fallback)
    if settings.open and not settings.open_anywhere:
        _refuse_open_to_others(settings)
    if settings.open and settings.accounts.enabled:
        raise SettingsError(
            "open: with accounts, stream keys say who may publish; expected one of both, "
            "open = true or accounts.enabled = true"
        )
    return settings


def _fallback(settings: RillcastSettings) -> dict[str, Any]:
    """Return defaults that differ from the usual ones, because of other settings or the folder."""
    if settings.open:
        at_home = {"host": _LOOPBACK}
        hosts = {} if settings.open_anywhere else {"http": at_home, "rtmp": at_home}
        return {"accounts": {"enabled": False}, **hosts}
    if not settings.accounts.database.url and has_key_file_alone(settings.data):
        return {"accounts": {"enabled": False}}  # an update must not void anybody's key
    return {}


def _read(
    file: Path | None, flags: Mapping[str, Any], fallback: dict[str, Any]
) -> RillcastSettings:
    try:
        variables = settings_from_variables(os.environ)
    except ValueError as error:
        raise SettingsError(f"environment: {error}") from None

    try:
        written = {} if file is None else tomllib.loads(file.read_text("utf-8"))
        settings = RillcastSettings.model_validate(_laid_over(fallback, written, variables, flags))
    except ValidationError as error:
        raise SettingsError("\n".join(_sentences(error))) from None
    except (OSError, ValueError) as error:  # unreadable, or not TOML
        raise SettingsError(f"{file}: {error}") from None
    if not is_channel_name(settings.channel):
        raise SettingsError(f"channel: expected a channel name, got {settings.channel!r}")
    return settings


def _laid_over(*layers: Mapping[str, Any]) -> dict[str, Any]:
    """Merge tables of settings, and the tables in them; what comes later wins."""
    merged: dict[str, Any] = {}
    for layer in layers:
        for name, value in layer.items():
            under = merged.get(name)
            is_table = isinstance(under, dict) and isinstance(value, Mapping)
            merged[name] = _laid_over(under or {}, value) if is_table else value
    return merged


def _refuse_open_to_others(settings: RillcastSettings) -> None:
    hosts = {"http": settings.http.host, "rtmp": settings.rtmp.host}
    if settings.rtmp.tls is not None:
        hosts["rtmp.tls"] = settings.rtmp.tls.host
    for name, host in hosts.items():
        if not is_loopback(host):
            raise SettingsError(
                f"open: anybody who reaches {name}.host = {host!r} could publish; expected a "
                "loopback address such as 127.0.0.1, or open_anywhere = true"
            )


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches what listens there."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _sentences(error: ValidationError) -> list[str]:
    sentences = []
    for problem in error.errors():
        place = ".".join(str(part) for part in problem["loc"])
        kind = problem["type"]
        if kind in {"extra_forbidden", "unexpected_keyword_argument"}:
            sentences.append(f"{place}: unknown setting{_hint_for(problem['loc'])}")
        elif kind == "missing":
            sentences.append(f"{place}: is missing")
        elif kind in {"dataclass_type", "dict_type", "model_type"}:
            sentences.append(f"{place}: expected a table{_came(problem['loc'], problem['input'])}")
        elif kind == "value_error":
            text = str(problem.get("ctx", {}).get("error", problem["msg"]))
            sentences.append(f"{place}: {text}" if place else text)
        else:
            expected = problem["msg"][:1].lower() + problem["msg"][1:]
            sentences.append(f"{place}: {expected}{_came(problem['loc'], problem['input'])}")
    return sentences


def _came(location: tuple[int | str, ...], value: object) -> str:
    """Say what came instead, unless it is a secret or may hold one."""
    if isinstance(value, dict | list):
        return f", got a {'table' if isinstance(value, dict) else 'list'}"
    sections = [field.annotation for field in RillcastSettings.model_fields.values()]
    secret = set().union(*map(_secret_names, sections))
    return "" if location and str(location[-1]) in secret else f", got {value!r}"


def _secret_names(kind: Any) -> set[str]:
    """Name the settings that are not printed: those without a place in their settings' repr."""
    if not is_dataclass(kind):
        return set().union(*map(_secret_names, get_args(kind)))
    hints = get_type_hints(kind)
    return {field.name for field in fields(kind) if not field.repr}.union(
        *map(_secret_names, hints.values())
    )


def _hint_for(location: tuple[int | str, ...]) -> str:
    known: Mapping[str, Any] = RillcastSettings.model_fields
    for part in location[:-1]:
        field = known.get(str(part))
        annotation = getattr(field, "annotation", None) or getattr(field, "type", None)
        known = getattr(annotation, "__dataclass_fields__", {})
    return _hint(str(location[-1]), known)


def _hint(name: str, known: Mapping[str, Any]) -> str:
    close = get_close_matches(name, known, n=1)
    return f"; did you mean {close[0]!r}?" if close else f"; known here: {', '.join(sorted(known))}"
