"""`rillcast user`: people's accounts, for who runs the server."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import Annotated, Literal, TypeVar

import typer

from accounts.images import PictureFolder
from accounts.key_ring import KeyRing, KeyRingError
from accounts.people.account import Account
from accounts.people.administration import AccountFilter
from accounts.people.errors import PeopleError
from accounts.people.new_account import email_of
from accounts.storage import StorageError
from config.accounts_database import accounts_database
from config.cli.beside_server import tell_nobody, unix_ms_now
from config.cli.columns import print_columns
from config.cli.flag import ConfigFlag, DataFlag, SetFlag, fail, settings_from_flags
from config.people_side import KEY_RING_NAME, PICTURE_FOLDER_NAME, PeopleSide
from config.public_url import public_url
from config.settings import RillcastSettings

user = typer.Typer(help="Make, find, suspend and delete people's accounts.", no_args_is_help=True)
EmailArgument = Annotated[str, typer.Argument(metavar="EMAIL", help="The account's address.")]
RoleFlag = Annotated[
    Literal["user", "admin"], typer.Option("--role", help="What the account may do.")
]
Result = TypeVar("Result")
_PAGE: int = 100


@user.command("list")
def list_users(
    suspended: Annotated[
        bool | None, typer.Option("--suspended/--active", help="Only these.")
    ] = None,
    data: DataFlag = None,
    config: ConfigFlag = None,
    assignments: SetFlag = None,
) -> None:
    """Print accounts, the newest first."""

    async def work(side: PeopleSide) -> list[Account]:
        found: list[Account] = []
        cursor = None
        while True:
            which = AccountFilter(is_suspended=suspended)
            page = await side.people.administration.page(which, _PAGE, cursor)
            found += page.items
            cursor = page.next
            if cursor is None:
                return found

    print_columns(
        [
            (
                account.id,
                "suspended" if account.is_suspended else account.role,
                account.email,
                account.display_name,
            )
            for account in _run(settings_from_flags(config, data, assignments=assignments), work)
        ]
    )


@user.command("add")
def add_user(
    email: EmailArgument,
    name: Annotated[str, typer.Option("--name", help="The name that others see.")],
    role: RoleFlag = "user",
    data: DataFlag = None,
    config: ConfigFlag = None,
    assignments: SetFlag = None,
) -> None:
    """Make an account; asks for its password. In a script, pipe the password in twice."""
    settings = settings_from_flags(config, data, assignments=assignments)
    try:
        email_of(email)
    except PeopleError as error:
        fail(str(error))
    password = _new_password()

    async def work(side: PeopleSide) -> str:
        return await side.people.administration.create(
            email=email, display_name=name, password=password, role=role
        )

    typer.echo(_run(settings, work))


@user.command("invite")
def invite_user(
    email: Annotated[str | None, typer.Argument(metavar="[EMAIL]", help="Whom it is for.")] = None,
    role: RoleFlag = "user",
    uses: Annotated[int, typer.Option("--uses", min=1, max=1000)] = 1,
    days: Annotated[int | None, typer.Option("--days", min=1, max=365)] = None,
    data: DataFlag = None,
    config: ConfigFlag = None,
    assignments: SetFlag = None,
) -> None:
    """Print a link to register with; mails it, too, if it is for an address."""

    async def work(side: PeopleSide) -> str:
        made = await side.people.invitations.create(
            email=None if email is None else email_of(email),
            role=role,
            uses=uses,
            days=days,
            by_id=None,
        )
        return made.link

    typer.echo(_run(settings_from_flags(config, data, assignments=assignments), work))


@user.command("role")
def set_role(
    email: EmailArgument,
    role: Annotated[Literal["user", "admin"], typer.Argument(metavar="user|admin")],
    data: DataFlag = None,
    config: ConfigFlag = None,
    assignments: SetFlag = None,
) -> None:
    """Make somebody an administrator, or one no more."""

    async def work(side: PeopleSide, account_id: str) -> None:
        await side.people.administration.set_role(account_id, role, lambda _: None)

    _run_on(email, settings_from_flags(config, data, assignments=assignments), work)


@user.command("suspend")
def suspend_user(
    email: EmailArgument,
    reason: Annotated[str, typer.Option("--reason", help="For administrators.")] = "",
    data: DataFlag = None,
    config: ConfigFlag = None,
    assignments: SetFlag = None,
) -> None:
    """Let nobody use an account: its log-ins end, and what it has live is cut."""

    async def work(side: PeopleSide, account_id: str) -> None:
        await side.people.administration.suspend(account_id, reason, None)

    _run_on(email, settings_from_flags(config, data, assignments=assignments), work)


@user.command("restore")
def restore_user(
    email: EmailArgument,
    data: DataFlag = None,
    config: ConfigFlag = None,
    assignments: SetFlag = None,
) -> None:
    """Let a suspended account be used again."""

    async def work(side: PeopleSide, account_id: str) -> None:
        await side.people.administration.restore(account_id, None)

    _run_on(email, settings_from_flags(config, data, assignments=assignments), work)


@user.command("sign-out")
def sign_out_user(
    email: EmailArgument,
    data: DataFlag = None,
    config: ConfigFlag = None,
    assignments: SetFlag = None,
) -> None:
    """End all log-ins of an account."""

    async def work(side: PeopleSide, account_id: str) -> None:
        await side.people.sessions.end_all(account_id)

    _run_on(email, settings_from_flags(config, data, assignments=assignments), work)


@user.command("reset-password")
def reset_password(
    email: EmailArgument,
    data: DataFlag = None,
    config: ConfigFlag = None,
    assignments: SetFlag = None,
) -> None:
    """Print a link to choose a new password with, for who cannot get mail."""

    async def work(side: PeopleSide, account_id: str) -> str:
        return await side.people.password_change.reset_link(account_id)

    typer.echo(_run_on(email, settings_from_flags(config, data, assignments=assignments), work))


@user.command("remove-second-factor")
def remove_second_factor(
    email: EmailArgument,
    data: DataFlag = None,
    config: ConfigFlag = None,
    assignments: SetFlag = None,
) -> None:
    """Help somebody who has lost app and recovery codes; all their log-ins end."""

    async def work(side: PeopleSide, account_id: str) -> None:
        await side.people.administration.remove_second_factor(account_id)

    _run_on(email, settings_from_flags(config, data, assignments=assignments), work)


@user.command("delete")
def delete_user(
    email: EmailArgument,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    data: DataFlag = None,
    config: ConfigFlag = None,
    assignments: SetFlag = None,
) -> None:
    """Delete an account with its channels, at once and for good."""
    settings = settings_from_flags(config, data, assignments=assignments)
    if not yes:
        typer.confirm(f"Delete {email} and all channels of the account?", abort=True)

    async def work(side: PeopleSide, account_id: str) -> None:
        await side.people.departure.delete(account_id, by_id=None)

    _run_on(email, settings, work)


@user.command("rotate-secrets")
def rotate_secrets(data: DataFlag = None, config: ConfigFlag = None) -> None:
    """Add a new secret to the server's; restart it to use it. Older tokens stay good."""
    path = settings_from_flags(config, data).data / KEY_RING_NAME
    try:
        KeyRing.open(path)
        KeyRing.rotate(path)
    except KeyRingError as error:
        fail(str(error))


def _new_password() -> str:
    """Ask for it on a terminal; elsewhere read it from the two lines that were piped in."""
    if sys.stdin.isatty():
        typed: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        return typed
    first, second = (sys.stdin.readline().rstrip("\r\n") for _ in range(2))
    if not first:
        fail("no password came: run this on a terminal, or pipe the password in, on two lines")
    if first != second:
        fail("the two passwords differ: pipe the same one in, on two lines")
    return first


def _run(settings: RillcastSettings, work: Callable[[PeopleSide], Awaitable[Result]]) -> Result:
    """Do one thing with the people side, beside a server that may be running."""
    try:
        return asyncio.run(_with_side(settings, work))
    except (PeopleError, StorageError, KeyRingError, OSError) as error:
        fail(str(error))


def _run_on(
    email: str, settings: RillcastSettings, work: Callable[[PeopleSide, str], Awaitable[Result]]
) -> Result:
    """Do one thing with the account of this address, by its id."""

    async def find_and_work(side: PeopleSide) -> Result:
        account = await side.people.administration.find_by_email(email)
        return await work(side, account.id)

    return _run(settings, find_and_work)


async def _with_side(
    settings: RillcastSettings, work: Callable[[PeopleSide], Awaitable[Result]]
) -> Result:
    async with accounts_database(settings) as database:
        side = PeopleSide(
            database,
            settings.accounts,
            settings.data,
            public_url=lambda: public_url(settings),
            keys=KeyRing.open(settings.data / KEY_RING_NAME),
            pictures=PictureFolder(settings.data / PICTURE_FOLDER_NAME),
            clock=unix_ms_now,
            emit=tell_nobody,
        )
        sending = asyncio.create_task(side.outbox.run())
        try:
            result = await work(side)
            await side.outbox.drain(settings.accounts.mail.timeout_s)
            return result
        finally:
            sending.cancel()
            side.people.close()
