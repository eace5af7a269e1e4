"""The `rillcast` command."""

import gc
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

import typer

# In the order of the list that `rillcast --help` prints.
_COMMANDS: Final = (
    "serve",
    "check-config",
    "demo",
    "probe",
    "tail",
    "validate",
    "key",
    "migrate",
    "doctor",
    "user",
    "channel",
    "version",
)


def main() -> None:
    """Run the command line; the entry point of the installed script.

    Only the command that is asked for is loaded: all of them together take a second. Nothing of
    what is loaded ever becomes garbage, and looking for some in it takes a fifth of the time.
    """
    asked = sys.argv[1] if len(sys.argv) > 1 else ""
    gc.disable()
    _load_structlog()
    made = command_line((asked,) if asked in _COMMANDS else _COMMANDS)
    gc.freeze()
    gc.enable()
    made()


def command_line(names: tuple[str, ...] = _COMMANDS) -> typer.Typer:
    """Make the command line of some commands; each stands in a module that is called like it."""
    made = typer.Typer(
        name="rillcast",
        help="Live streaming: RTMP in, low-latency HLS out.",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,  # it would take [brackets] in help texts for colours
        pretty_exceptions_enable=False,  # its tracebacks show local variables, keys among them
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    made.callback()(_no_command)  # without it, a command line of one command takes no name
    for name in names:
        word = name.replace("-", "_")
        command: typer.Typer | Callable[..., Any] = getattr(
            import_module(f"config.cli.{word}"), word
        )
        if isinstance(command, typer.Typer):
            made.add_typer(command, name=name)
        else:
            made.command(name)(command)
    return made


def _load_structlog() -> None:
    """Load structlog without rich, with which it could colour tracebacks; nobody asks for that.

    It loads rich wherever there is one, and a start would wait 46 ms for it.
    """
    is_loaded = "rich" in sys.modules
    if not is_loaded:
        sys.modules["rich"] = None  # type: ignore[assignment] # how imports are told that there is none
    import_module("structlog.dev")
    if not is_loaded:
        del sys.modules["rich"]


def _no_command() -> None:
    """Live streaming: RTMP in, low-latency HLS out."""
