"""The `rillcast` command."""

import typer

from config.cli.check_config import check_config
from config.cli.demo import demo
from config.cli.key import key
from config.cli.migrate import migrate
from config.cli.probe import probe
from config.cli.serve import serve
from config.cli.user import user
from config.cli.validate import validate
from config.cli.version import version

_app = typer.Typer(
    name="rillcast",
    help="Live streaming: RTMP in, low-latency HLS out.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # it would take [brackets] in help texts for colours
    pretty_exceptions_enable=False,  # its tracebacks show local variables, keys among them
    context_settings={"help_option_names": ["-h", "--help"]},
)
_app.command()(serve)
_app.command("check-config")(check_config)
_app.command()(demo)
_app.command()(probe)
_app.command()(validate)
_app.add_typer(key, name="key")
_app.command()(migrate)
_app.add_typer(user, name="user")
_app.command()(version)


def main() -> None:
    """Run the command line; the entry point of the installed script."""
    _app()
