"""Tables of the people side.

All that belongs to an account goes with its row. Of every secret only a digest is kept, but for
second factors, which have to be computed with and are sealed (`accounts.people.sealing`).
"""

from typing import Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from accounts.people.email_address import EMAIL_CHARACTERS
from accounts.people.secret_token import DIGEST_BYTES
from accounts.storage.metadata import Id, JsonText, SortedText, UnixMs, metadata

_Digest: Final = LargeBinary(DIGEST_BYTES)
_Email: Final = String(EMAIL_CHARACTERS)


def _account_id(*, nullable: bool = False, index: bool = True) -> Column[str]:
    return Column(
        "account_id",
        Id,
        ForeignKey("accounts.id", ondelete="CASCADE"),
        nullable=nullable,
        index=index,
    )


accounts: Final = Table(
    "accounts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("email", _Email, nullable=False),
    Column("email_key", _Email, nullable=False, unique=True),
    Column("password_hash", Text),  # NULL: signs in with an issuer alone
    Column("role", String(16), nullable=False),
    Column("display_name", Text, nullable=False),
    Column("bio", Text, nullable=False),
    Column("links", JsonText, nullable=False),  # [{"title", "url"}]
    Column("avatar", String(80)),  # the picture's name
    Column("suspended_at_ms", UnixMs),
    Column("suspension_reason", Text),
    Column("revision", Integer, nullable=False),
    Column("created_at_ms", UnixMs, nullable=False),
    Column("signed_in_at_ms", UnixMs),
    Column(
        "name_key", SortedText, nullable=False, server_default=""
    ),  # the display name as it is found by
    # When a mail to the address was last answered; NULL: whoever made the account only named it.
    Column("email_proven_at_ms", UnixMs),
    CheckConstraint("role IN ('user', 'admin')", name="role"),
)
Index("ix_accounts_created", accounts.c.created_at_ms, accounts.c.id)
Index("ix_accounts_name_key", accounts.c.name_key, accounts.c.id)
Index("ix_accounts_role", accounts.c.role, accounts.c.id)

sessions: Final = Table(
    "sessions",
    metadata,
    Column("id", Id, primary_key=True),
    _account_id(),
    Column("kind", String(16), nullable=False),  # browser, client
    # Of browsers the cookie; of clients what all refresh tokens of this log-in begin with.
    Column("lookup_digest", _Digest, nullable=False, unique=True),
    Column("turn_digest", _Digest),  # of clients: the end of the one refresh token not yet used
    Column("client", Text, nullable=False),  # what the User-Agent says, shortened
    Column("created_at_ms", UnixMs, nullable=False),
    Column("proven_at_ms", UnixMs, nullable=False),  # when a secret was last shown
    Column("used_at_ms", UnixMs, nullable=False),
    Column("expires_at_ms", UnixMs, nullable=False, index=True),
)

personal_tokens: Final = Table(
    "personal_tokens",
    metadata,
    Column("id", Id, primary_key=True),
    _account_id(),
    Column("name", Text, nullable=False),
    Column("digest", _Digest, nullable=False, unique=True),
    Column("scopes", JsonText, nullable=False),
    Column("created_at_ms", UnixMs, nullable=False),
    Column("expires_at_ms", UnixMs),
    Column("used_at_ms", UnixMs),
)

one_time_tokens: Final = Table(
    "one_time_tokens",
    metadata,
    Column("digest", _Digest, primary_key=True),
    Column("purpose", String(24), nullable=False),
    _account_id(nullable=True),
    Column("details", JsonText, nullable=False),
    Column("expires_at_ms", UnixMs, nullable=False, index=True),
)

invitations: Final = Table(
    "invitations",
    metadata,
    Column("id", Id, primary_key=True),
    Column("digest", _Digest, nullable=False, unique=True),
    Column("email", _Email),  # whom it is for; NULL: whoever has the link
    Column("email_key", _Email),
    Column("role", String(16), nullable=False),
    Column("uses_left", Integer, nullable=False),
    Column("created_by", Id, ForeignKey("accounts.id", ondelete="SET NULL")),
    Column("created_at_ms", UnixMs, nullable=False),
    Column("expires_at_ms", UnixMs, nullable=False, index=True),
    CheckConstraint("uses_left >= 0", name="uses_left"),
    CheckConstraint("role IN ('user', 'admin')", name="role"),
)
Index("ix_invitations_created", invitations.c.created_at_ms, invitations.c.id)

second_factors: Final = Table(
    "second_factors",
    metadata,
    Column("account_id", Id, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("sealed_secret", LargeBinary(256), nullable=False),
    Column("created_at_ms", UnixMs, nullable=False),
    Column("confirmed_at_ms", UnixMs),  # NULL: set up, not yet in force
    Column("last_step", UnixMs, nullable=False),
)

recovery_codes: Final = Table(
    "recovery_codes",
    metadata,
    Column("account_id", Id, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("digest", _Digest, nullable=False),
    PrimaryKeyConstraint("account_id", "digest"),
)

identities: Final = Table(
    "identities",
    metadata,
    Column("id", Id, primary_key=True),
    _account_id(),
    Column("issuer", Text, nullable=False),
    Column("subject", String(255), nullable=False),  # OpenID Connect Core, 2: at most 255 ASCII
    Column("email", _Email),
    Column("created_at_ms", UnixMs, nullable=False),
    Column("used_at_ms", UnixMs),
)
Index("uq_identities_issuer_subject", identities.c.issuer, identities.c.subject, unique=True)

openid_attempts: Final = Table(
    "openid_attempts",
    metadata,
    Column("state_digest", _Digest, primary_key=True),
    Column("browser_digest", _Digest, nullable=False),
    Column("issuer_name", String(32), nullable=False),
    Column("nonce", String(64), nullable=False),
    Column("verifier", String(128), nullable=False),
    Column("return_to", Text, nullable=False),
    Column("invitation_digest", _Digest),
    Column("session_id", Id, ForeignKey("sessions.id", ondelete="CASCADE"), index=True),
    Column("expires_at_ms", UnixMs, nullable=False, index=True),
)

guesses: Final = Table(
    "guesses",
    metadata,
    Column("party", _Digest, primary_key=True),  # keyed: names no address and no account
    Column("failures", Integer, nullable=False),
    Column("last_at_ms", UnixMs, nullable=False),
    Column("forget_at_ms", UnixMs, nullable=False, index=True),
)
