"""Every table there is, loaded when tables are to be made."""

from sqlalchemy import MetaData


def all_tables() -> MetaData:
    """Return the tables of accounts and analytics."""
    from analytics.schema import metadata  # noqa: PLC0415 - most starts make no tables

    return metadata
