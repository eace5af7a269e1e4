"""Every table, imported so that `metadata` is whole: for migrations and for tests.

What SQLAlchemy cannot express as a table (full-text search) is DDL that listens to `metadata`'s
"after_create", per dialect, beside the tables that it belongs to.
"""

from typing import Final

from accounts.api import idempotency
from accounts.channels import tables as channel_tables
from accounts.chat import tables as chat_tables
from accounts.facts import tables as fact_tables
from accounts.mail_alerts import tables as mail_alert_tables
from accounts.notifications import tables as notification_tables
from accounts.people import tables as people_tables
from accounts.push import tables as push_tables
from accounts.search import tables as search_tables
from accounts.storage.metadata import metadata
from accounts.webhooks import tables as webhook_tables

TABLE_MODULES: Final = (
    idempotency,
    people_tables,
    channel_tables,
    search_tables,
    fact_tables,
    notification_tables,
    chat_tables,
    push_tables,
    mail_alert_tables,
    webhook_tables,
)

__all__ = ["TABLE_MODULES", "metadata"]
