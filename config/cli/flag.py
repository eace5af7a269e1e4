"""The flags that several commands share, and how they become settings."""

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from config.listen_address import parse_listen_address
from config.setting_text import settings_from_assignments
from config.settings import RillcastSettings, SettingsError, load_settings

DataFlag = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="Folder for keys and all that is kept [data]."),
]
ConfigFlag = Annotated[
    Path | None,
    typer.Option(
        "--config", metavar="FILE", envvar="RILLCAST_CONFIG", help="Settings file, in TOML."
    ),
]
HttpFlag = Annotated[
    str | None,
    typer.Option("--http", metavar="HOST:PORT", help="Where viewers connect [0.0.0.0:8080]."),
]
RtmpFlag = Annotated[
    str | None,
    typer.Option("--rtmp", metavar="HOST:PORT", help="Where encoders connect [0.0.0.0:1935]."),
]
OpenFlag = Annotated[
    bool | None,
    typer.Option(
        "--open",
        help="Accept any stream name as channel, without a key; on loopback only. For tests.",
    ),
]
OpenAnywhereFlag = Annotated[
    bool | None,
    typer.Option("--open-anywhere", help="Let --open listen on other addresses than loopback."),
]
SetFlag = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="Any setting by its name in the settings file, e.g. packager.profile=low.",
    ),
]


def fail(text: str) -> NoReturn:
    """End the command with a message for the person who gave it."""
    typer.echo(f"rillcast: {text}", err=True)
    raise typer.Exit(1)


def settings_from_flags(
    config: Path | None = None,
    data: Path | None = None,
    http: str | None = None,
    rtmp: str | None = None,
    open_: bool | None = None,
    open_anywhere: bool | None = None,
    assignments: list[str] | None = None,
) -> RillcastSettings:
    """Merge the flags that were given into the settings; end the command if they are wrong."""
    try:
        flags = settings_from_assignments(assignments or ())
        for name, address in (("http", http), ("rtmp", rtmp)):
            if address is not None:
                host, port = parse_listen_address(address)
                flags.setdefault(name, {}).update(host=host, port=port)
    except ValueError as error:
        fail(str(error))
    plain = {"data": data, "open": open_, "open_anywhere": open_anywhere}
    flags.update({name: value for name, value in plain.items() if value is not None})
    try:
        return load_settings(config, flags)
    except SettingsError as error:
        fail(str(error))
