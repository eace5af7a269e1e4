"""Tables of mail alerts: what is to be mailed, and when somebody is written to."""

from typing import Final

from sqlalchemy import Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, Table

from accounts.storage.metadata import Id, UnixMs, metadata

mail_alerts: Final = Table(
    "mail_alerts",
    metadata,
    Column("account_id", Id, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column(
        "notice_id", Id, ForeignKey("notices.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    PrimaryKeyConstraint("account_id", "notice_id"),  # each alert once for everybody
)

mail_turns: Final = Table(
    "mail_turns",
    metadata,
    Column("account_id", Id, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("mail_id", Id, nullable=False),  # of the next mail: the same for all attempts
    Column("due_at_ms", UnixMs),  # NULL: nothing waits
    Column("leased_until_ms", UnixMs),  # somebody is sending it
    Column("sent_at_ms", UnixMs),
    Column("attempts", Integer, nullable=False),
    Index("ix_mail_turns_due", "due_at_ms"),
)
