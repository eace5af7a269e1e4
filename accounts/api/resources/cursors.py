"""Reading the cursor of a page query."""

from accounts.api.model import PageQuery
from accounts.storage import Cursor


def read_cursor(query: PageQuery, *shape: type[str] | type[int]) -> Cursor | None:
    """Return where the page begins; None for the first. Raises CursorError."""
    return None if query.cursor is None else Cursor.decode(query.cursor, shape)
