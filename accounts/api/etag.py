"""ETags and If-Match: nobody overwrites an edit that they have not seen (RFC 9110, 13.1)."""

from dataclasses import dataclass

from accounts.api.problem import PRECONDITION_FAILED


def etag_of(version: int | str) -> str:
    """Return the strong ETag of a resource's version.

    `version` changes with every edit: a counter, or a digest of what is shown.
    """
    return f'"{version}"'


@dataclass(frozen=True, slots=True)
class Precondition:
    """What If-Match said: the tags that the editor knows, or any ("*")."""

    tags: frozenset[str]
    is_any: bool = False

    def require(self, version: int | str) -> None:
        """Check inside the transaction that edits. Raises ProblemError (412)."""
        if not self.is_any and etag_of(version) not in self.tags:
            raise PRECONDITION_FAILED.because(
                "Read it again, apply your change to what is there now, and send the new ETag."
            )


def parse_tags(header: str) -> Precondition | None:
    """Read If-Match or If-None-Match; None if it is no list of tags.

    Weak tags are kept as they are, so that they never equal a strong one (RFC 9110, 8.8.3.2).
    """
    text = header.strip()
    if text == "*":
        return Precondition(frozenset(), is_any=True)
    tags = [tag.strip() for tag in text.split(",")]
    for tag in tags:
        opaque = tag.removeprefix("W/")
        if len(opaque) < 2 or opaque[0] != '"' or opaque[-1] != '"' or '"' in opaque[1:-1]:
            return None
    return Precondition(frozenset(tags))
