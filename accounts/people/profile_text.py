"""What people may write about themselves. Pure; markup is kept as it is, pages show it as text."""

from collections.abc import Callable, Sequence
from typing import Final

from pydantic import HttpUrl, TypeAdapter, ValidationError

from accounts.channels.written_text import WrittenTextError, one_line, several_lines
from accounts.people.account import Link
from accounts.people.errors import FieldFault, InvalidFieldsError
from accounts.search.terms import fold

DISPLAY_NAME_CHARACTERS: Final = 50
# Some letters fold to many: one of them to 18. What is longer is found by how it begins.
_NAME_KEY_CHARACTERS: Final = 200
BIO_CHARACTERS: Final = 1_000
LINKS_MAX: Final = 8
LINK_TITLE_CHARACTERS: Final = 50
LINK_URL_CHARACTERS: Final = 300
_URL: Final = TypeAdapter(HttpUrl)


def display_name_of(text: str, path: str = "displayName") -> str:
    """Return a name that others can see. Raises InvalidFieldsError."""
    name = _checked(lambda: one_line(text, DISPLAY_NAME_CHARACTERS), path)
    if not name:
        raise InvalidFieldsError([FieldFault(path, "expected a name, got nothing")])
    return name


def name_key_of(text: str) -> str:
    """Return what a name, or the beginning of one, is found by, however it is written."""
    return " ".join(fold(text).split())[:_NAME_KEY_CHARACTERS]


def bio_of(text: str) -> str:
    """Return what somebody says about themselves; may be empty. Raises InvalidFieldsError."""
    return _checked(lambda: several_lines(text, BIO_CHARACTERS), "bio")


def links_of(links: Sequence[Link]) -> tuple[Link, ...]:
    """Return links that pages can make clickable. Raises InvalidFieldsError."""
    if len(links) > LINKS_MAX:
        raise InvalidFieldsError([FieldFault("links", f"expected at most {LINKS_MAX}")])
    return tuple(
        Link(
            title=_title_of(link.title, f"links.{index}.title"),
            url=_url_of(link.url, f"links.{index}.url"),
        )
        for index, link in enumerate(links)
    )


def _title_of(text: str, path: str) -> str:
    return _checked(lambda: one_line(text, LINK_TITLE_CHARACTERS), path)


def _url_of(text: str, path: str) -> str:
    """Take web addresses alone: `javascript:` and the like would run where they are clicked.

    What stands before an @ in an address makes one site look like another.
    """
    fault = FieldFault(path, "expected a web address such as https://example.org")
    try:
        url = _URL.validate_python(text.strip())
    except ValidationError:
        raise InvalidFieldsError([fault]) from None
    written = str(url)
    if url.username is not None or url.password is not None:
        raise InvalidFieldsError([fault])
    if len(written) > LINK_URL_CHARACTERS:
        limit = f"expected at most {LINK_URL_CHARACTERS} characters"
        raise InvalidFieldsError([FieldFault(path, limit)])
    return written


def _checked(check: Callable[[], str], path: str) -> str:
    try:
        return check()
    except WrittenTextError as error:
        raise InvalidFieldsError([FieldFault(path, str(error))]) from None
