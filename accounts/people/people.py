"""People: all services of the people side, put together for one process."""

from collections.abc import Sequence

from accounts.events import AccountChanged
from accounts.images import PictureFolder
from accounts.key_ring import KeyRing
from accounts.mail import texts
from accounts.people.access_token import AccessTokens
from accounts.people.administration import Administration
from accounts.people.authenticator import PeopleAuthenticator
from accounts.people.belongings import Belongings
from accounts.people.context import PeopleContext
from accounts.people.departure import Departure
from accounts.people.email_change import EmailChange
from accounts.people.guess_guard import GuessGuard, code_party
from accounts.people.identities import Identities
from accounts.people.invitations import Invitations
from accounts.people.openid import OpenIdSignIn
from accounts.people.password_change import PasswordChange
from accounts.people.passwords import Passwords
from accounts.people.personal_tokens import PersonalTokens
from accounts.people.profile import Profiles
from accounts.people.reauthentication import Reauthentication
from accounts.people.registration import Registration
from accounts.people.sealing import Seal
from accounts.people.second_factor import SecondFactors
from accounts.people.sessions import Sessions
from accounts.people.set_up import SetUp
from accounts.people.sign_in import SignIn
from accounts.people.upkeep import NamesInUse, Upkeep
from accounts.settings import AccountsSettings


class People:
    """Everything that the API and the command line ask of the people side. Close it in the end.

    `upkeep` is to be run beside it, once per process. `names_in_use` name the pictures that others
    keep in the same folder.
    """

    def __init__(
        self,
        context: PeopleContext,
        settings: AccountsSettings,
        keys: KeyRing,
        pictures: PictureFolder,
        belongings: Belongings,
        *,
        names_in_use: Sequence[NamesInUse] = (),
    ) -> None:
        database, clock = context.database, context.clock
        tokens = AccessTokens(
            keys.derive("access tokens"),
            int(settings.sessions.access_token_s * 1000),
        )
        self._context = context
        self._guard = GuessGuard(database, keys.derive("guesses").newest, clock)
        self.pictures = pictures
        self.passwords = Passwords(settings.passwords)
        self.sessions = Sessions(context, tokens, settings.sessions)
        self.second_factors = SecondFactors(
            database, Seal(keys.derive("second factors")), context.links, clock
        )
        self.sign_in = SignIn(
            context, self.passwords, self._guard, self.second_factors, self.sessions
        )
        self.reauthentication = Reauthentication(
            database, self.passwords, self._guard, settings.sessions, clock
        )
        self.registration = Registration(
            context, self.passwords, self._guard, settings.registration
        )
        self.set_up = SetUp(context, self.passwords)
        self.password_change = PasswordChange(
            context, self.passwords, self._guard, self.sessions, settings.passwords
        )
        self.email_change = EmailChange(context, self._guard)
        self.profiles = Profiles(context, pictures)
        self.personal_tokens = PersonalTokens(database, settings.sessions, clock)
        self.identities = Identities(database)
        self.openid = OpenIdSignIn(context, self.registration, settings.openid)
        self.invitations = Invitations(context, settings.registration)
        self.departure = Departure(
            context,
            sessions=self.sessions,
            tokens=self.personal_tokens,
            identities=self.identities,
            pictures=pictures,
            belongings=belongings,
        )
        self.administration = Administration(context, self.passwords, belongings)
        self.authenticator = PeopleAuthenticator(database, self.sessions, tokens, clock)
        self.upkeep = Upkeep(
            context,
            authenticator=self.authenticator,
            pictures=pictures,
            names_in_use=names_in_use,
            settings=settings.sessions,
        )

    async def confirm_second_factor(self, account_id: str, code: str) -> tuple[str, ...]:
        """Put a second factor in force; guesses are counted, and the owner is told by mail.

        Raises WrongCredentialsError, ConflictingError, TooManyGuessesError.
        """
        party = code_party(account_id)
        await self._guard.attempt(party)
        codes = await self.second_factors.confirm(account_id, code)
        await self._guard.succeed(party)
        await self._tell(account_id, "second-factor", "A second factor was added")
        return codes

    async def remove_second_factor(self, account_id: str) -> None:
        """Take a second factor away; the owner is told by mail if there was one."""
        if await self.second_factors.remove(account_id):
            await self._tell(account_id, "second-factor", "The second factor was removed")

    async def remove_identity(self, account_id: str, identity_id: str) -> None:
        """Let an issuer sign in to an account no more; the owner is told by mail.

        Raises NotFoundError, ConflictingError if it is the only way in.
        """
        await self.identities.remove(account_id, identity_id)
        await self._tell(account_id, "identities", "A way to sign in was removed")

    def close(self) -> None:
        """Let go of threads."""
        self.passwords.close()
        self.pictures.close()

    async def _tell(self, account_id: str, changed: str, what: str) -> None:
        context = self._context
        context.emit(
            AccountChanged(at_ms=context.clock(), account_id=account_id, changed=(changed,))
        )
        account = await self.profiles.own(account_id)
        mail = texts.notice(context.links, what)
        await context.mail.send(account.email, mail.subject, mail.text)
