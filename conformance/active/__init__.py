"""Active checks: requests that a good player never sends, to see how a server takes them."""

from conformance.active.rendition import (
    check_ended_actively,
    check_rendition_actively,
    check_waiting,
)

__all__ = ["check_ended_actively", "check_rendition_actively", "check_waiting"]
