"""Every table of the server, imported so that `metadata` is whole: accounts' and analytics'."""

from typing import Final

from accounts.schema import TABLE_MODULES as ACCOUNTS_TABLE_MODULES
from accounts.schema import metadata
from analytics.doctor import tables as doctor_tables
from analytics.history import tables as history_tables
from analytics.preflight import tables as preflight_tables
from analytics.quality import tables as quality_tables
from analytics.recommendations import tables as recommendation_tables
from analytics.viewers import tables as viewer_tables

TABLE_MODULES: Final = (
    *ACCOUNTS_TABLE_MODULES,
    doctor_tables,
    history_tables,
    preflight_tables,
    quality_tables,
    recommendation_tables,
    viewer_tables,
)

__all__ = ["TABLE_MODULES", "metadata"]
