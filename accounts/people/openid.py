"""OpenIdSignIn: signing in with an issuer, and which account that is.

An identity (issuer and subject) signs in to the account that it was linked to, and nothing else
does: an address alone never opens an account that exists. Linking takes a log-in to the account
and a proof that it is fresh. A new account takes an address that the issuer has verified, and
whatever registration takes.
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.events import AccountChanged, AccountCreated
from accounts.mail import texts
from accounts.people.account import account_by_email, account_by_id
from accounts.people.context import PeopleContext
from accounts.people.email_address import EmailAddress, EmailAddressError
from accounts.people.errors import (
    ConflictingError,
    InvalidFieldsError,
    IssuerError,
    LinkVoidError,
    NotFoundError,
    RegistrationClosedError,
)
from accounts.people.identities import insert_identity, note_use, owner_of
from accounts.people.new_account import insert_account
from accounts.people.profile_text import DISPLAY_NAME_CHARACTERS, display_name_of
from accounts.people.registration import Registration
from accounts.people.secret_token import digest_of
from accounts.people.settings import OpenIdSettings
from accounts.people.tables import openid_attempts, sessions

if TYPE_CHECKING:
    from accounts.people.issuer_client import Claims, IssuerClient

_ATTEMPT_MS: Final = 10 * 60 * 1000
_RANDOM_BYTES: Final = 32


class AccountExistsError(ConflictingError):
    """The address has an account: sign in to it, then link the issuer in its settings."""


@dataclass(frozen=True, slots=True)
class BegunAttempt:
    """Where to send the browser, and what it keeps to show that it is the same in the end."""

    url: str = field(repr=False)
    browser_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class FinishedAttempt:
    """Who came back: to be signed in, or linked to the account that had begun."""

    account_id: str
    return_to: str
    is_link: bool


class OpenIdSignIn:
    """Sends browsers to issuers and takes them back."""

    def __init__(
        self, context: PeopleContext, registration: Registration, settings: OpenIdSettings
    ) -> None:
        self._context = context
        self._registration = registration
        self._settings = settings
        self._clients = MappingProxyType(_clients_of(settings))

    @property
    def titles(self) -> Mapping[str, str]:
        """What the button of each issuer says, by the issuer's name."""
        return {name: each.title or name for name, each in self._settings.issuers.items()}

    async def begin(
        self,
        name: str,
        *,
        return_to: str,
        invitation: str | None = None,
        session_id: str | None = None,
    ) -> BegunAttempt:
        """Begin to sign in, or with `session_id` to link the issuer to that log-in's account.

        Raises NotFoundError, IssuerError.
        """
        client = self._client(name)
        state, nonce, verifier, browser = (secrets.token_urlsafe(_RANDOM_BYTES) for _ in range(4))
        url = await client.authorization_url(
            self._redirect_uri(name), state=state, nonce=nonce, verifier=verifier
        )
        now_ms = self._context.clock()

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(
                insert(openid_attempts).values(
                    state_digest=digest_of(state),
                    browser_digest=digest_of(browser),
                    issuer_name=name,
                    nonce=nonce,
                    verifier=verifier,
                    return_to=local_path(return_to),
                    invitation_digest=digest_of(invitation) if invitation else None,
                    session_id=session_id,
                    expires_at_ms=now_ms + _ATTEMPT_MS,
                )
            )

        await self._context.database.write(work)
        return BegunAttempt(url, browser)

    async def finish(
        self, name: str, *, state: str, code: str, browser_secret: str | None, issuer: str | None
    ) -> FinishedAttempt:
        """Take a browser back. An attempt is good once, in the browser that began it.

        Raises NotFoundError, LinkVoidError, IssuerError, RegistrationClosedError,
        AccountExistsError, ConflictingError.
        """
        client = self._client(name)
        attempt = await self._take_attempt(name, state, browser_secret)
        if issuer is not None and issuer != client.issuer:  # RFC 9207, 2.4
            raise IssuerError("the answer came from another issuer")
        claims = await client.redeem(
            self._redirect_uri(name), code=code, nonce=attempt.nonce, verifier=attempt.verifier
        )
        if attempt.session_id is not None:
            account_id = await self._link(attempt.session_id, claims)
            return FinishedAttempt(account_id, attempt.return_to, is_link=True)
        account_id = await self._sign_in(name, claims, attempt.invitation_digest)
        return FinishedAttempt(account_id, attempt.return_to, is_link=False)

    def _client(self, name: str) -> "IssuerClient":
        client = self._clients.get(name)
        if client is None:
            raise NotFoundError("there is no such issuer")
        return client

    def _redirect_uri(self, name: str) -> str:
        return f"{self._context.links.origin}/api/v1/openid/{name}/callback"

    async def _take_attempt(self, name: str, state: str, browser_secret: str | None) -> Any:
        now_ms = self._context.clock()

        async def work(connection: AsyncConnection) -> Any:
            found = await connection.execute(
                delete(openid_attempts)
                .where(
                    openid_attempts.c.state_digest == digest_of(state),
                    openid_attempts.c.issuer_name == name,
                )
                .returning(*openid_attempts.c)
            )
            return found.one_or_none()

        row = await self._context.database.write(work)
        shown = digest_of(browser_secret or "")
        if (
            row is None
            or row.expires_at_ms <= now_ms
            or not hmac.compare_digest(bytes(row.browser_digest), shown)
        ):
            raise LinkVoidError("this sign-in was not begun in this browser, or is over")
        return row

    async def _link(self, session_id: str, claims: "Claims") -> str:
        now_ms = self._context.clock()

        async def work(connection: AsyncConnection) -> tuple[str, str]:
            account_id = await connection.scalar(
                select(sessions.c.account_id).where(sessions.c.id == session_id)
            )
            account = await account_by_id(connection, str(account_id))
            if account is None or account.is_suspended:
                raise LinkVoidError("the log-in that began this has ended")
            await insert_identity(
                connection,
                account.id,
                issuer=claims.issuer,
                subject=claims.subject,
                email=claims.email,
                now_ms=now_ms,
            )
            return account.id, account.email

        account_id, email = await self._context.database.write(work)
        changed = ("identities",)
        self._context.emit(AccountChanged(at_ms=now_ms, account_id=account_id, changed=changed))
        mail = texts.notice(self._context.links, "Another way to sign in was added")
        await self._context.mail.send(email, mail.subject, mail.text)
        return account_id

    async def _sign_in(self, name: str, claims: "Claims", invitation: bytes | None) -> str:
        now_ms = self._context.clock()

        async def work(connection: AsyncConnection) -> tuple[str, bool]:
            owner = await owner_of(connection, claims.issuer, claims.subject)
            if owner is not None:
                await note_use(connection, claims.issuer, claims.subject, now_ms)
                return owner, False
            return await self._create(connection, name, claims, invitation, now_ms), True

        account_id, is_new = await self._context.database.write(work)
        if is_new:
            self._context.emit(AccountCreated(at_ms=now_ms, account_id=account_id, how="openid"))
        return account_id

    async def _create(
        self,
        connection: AsyncConnection,
        name: str,
        claims: "Claims",
        invitation: bytes | None,
        now_ms: int,
    ) -> str:
        email = _verified_email(claims)
        if await account_by_email(connection, email.key) is not None:
            raise AccountExistsError(
                "this address has an account: sign in to it, then add this way to sign in"
            )
        if not self._settings.issuers[name].may_register:
            raise RegistrationClosedError("nobody registers with this issuer")
        role = await self._registration.admit(connection, invitation, email.key)
        account_id = await insert_account(
            connection,
            email=email,
            password_hash=None,
            display_name=_display_name(claims, email),
            role=role,
            now_ms=now_ms,
        )
        await insert_identity(
            connection,
            account_id,
            issuer=claims.issuer,
            subject=claims.subject,
            email=email.text,
            now_ms=now_ms,
        )
        return account_id


def local_path(text: str) -> str:
    """Return a path of this server that a browser may be sent to, or "/" for anything else.

    Browsers take a backslash for a slash, and two of them for the beginning of another host.
    """
    is_local = text.startswith("/") and not text.startswith(("//", "/\\"))
    is_plain = text.isascii() and text.isprintable() and "\\" not in text and " " not in text
    return text if is_local and is_plain else "/"


def _verified_email(claims: "Claims") -> EmailAddress:
    if claims.email is None:
        raise RegistrationClosedError("the issuer does not vouch for an address")
    try:
        return EmailAddress.parse(claims.email)
    except EmailAddressError:
        raise RegistrationClosedError("the issuer does not vouch for an address") from None


def _display_name(claims: "Claims", email: EmailAddress) -> str:
    for candidate in (claims.name, email.text.partition("@")[0]):
        try:
            return display_name_of((candidate or "")[:DISPLAY_NAME_CHARACTERS])
        except InvalidFieldsError:
            continue
    return "Somebody"


def _clients_of(settings: OpenIdSettings) -> dict[str, "IssuerClient"]:
    if not settings.issuers:
        return {}
    # A tenth of a second to load, for what few servers use.
    from accounts.people.issuer_client import IssuerClient  # noqa: PLC0415

    return {
        name: IssuerClient(issuer, settings.timeout_s, settings.answer_bytes)
        for name, issuer in settings.issuers.items()
    }
