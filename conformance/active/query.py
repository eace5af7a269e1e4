"""URLs with directives added to them."""

from urllib.parse import urlsplit


def with_query(url: str, query: str) -> str:
    """Add fields to a URL's query, whether it has one or not."""
    return url + ("&" if urlsplit(url).query else "?") + query
