"""Names as people look for them."""

import unicodedata
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0004"
down_revision: Final = "0003"

_PORTION: Final = 1_000
_accounts: Final = sa.table(
    "accounts", sa.column("id"), sa.column("display_name"), sa.column("name_key")
)


def upgrade() -> None:
    """Add what names are found by, and write it for those that are there."""
    sorted_text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.add_column("accounts", sa.Column("name_key", sorted_text, nullable=False, server_default=""))
    op.create_index("ix_accounts_name_key", "accounts", ["name_key", "id"])
    connection = op.get_bind()
    keyed = (
        sa.update(_accounts)
        .where(_accounts.c.id == sa.bindparam("account"))
        .values(name_key=sa.bindparam("key"))
    )
    after = ""
    while True:
        rows = connection.execute(
            sa.select(_accounts.c.id, _accounts.c.display_name)
            .where(_accounts.c.id > after)
            .order_by(_accounts.c.id)
            .limit(_PORTION)
        ).all()
        if not rows:
            return
        keys = [{"account": row.id, "key": _key(row.display_name)} for row in rows]
        connection.execute(keyed, keys)
        after = rows[-1].id


def downgrade() -> None:
    """Forget them."""
    op.drop_index("ix_accounts_name_key", "accounts")
    op.drop_column("accounts", "name_key")


def _key(name: str) -> str:
    """Fold a name as the program did at this step."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    bare = "".join(letter for letter in decomposed if not 0x300 <= ord(letter) < 0x370)
    return " ".join(unicodedata.normalize("NFC", bare).split())[:200]
