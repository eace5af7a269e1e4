"""RangeQuery: from when to when figures are asked for, as text in a query."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, WithJsonSchema

from accounts.api.model import ApiModel
from accounts.api.problem import INVALID, FieldError
from analytics.history.step import DAY_MS, HOUR_MS, Step, TimeRange

_MOMENT: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d{1,30})?(?:[Zz]|[+-]\d{2}:\d{2})", re.ASCII
)
_EXPECTED: Final = "expected a moment such as 2026-11-22T18:30:00Z"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_MS: Final = 7_258_118_400_000  # 2200
# What is asked for at once at most, and what is shown to who says no beginning.
LONGEST_MS: Final = {Step.MINUTE: 2 * DAY_MS, Step.HOUR: 62 * DAY_MS, Step.DAY: 732 * DAY_MS}
_USUAL_MS: Final = {Step.MINUTE: 3 * HOUR_MS, Step.HOUR: 7 * DAY_MS, Step.DAY: 28 * DAY_MS}


def _read_moment(value: Any) -> int:
    """Read RFC 3339 text as unix milliseconds. Raises ValueError."""
    # The "+" of an offset comes as a blank where it was not escaped.
    text = value.replace(" ", "+") if isinstance(value, str) else ""
    if _MOMENT.fullmatch(text) is None:
        raise ValueError(_EXPECTED)
    try:
        moment = datetime.fromisoformat(text.upper())
        unix_ms = (moment - _EPOCH) // timedelta(milliseconds=1)
    except (ValueError, OverflowError):
        raise ValueError(_EXPECTED) from None
    if not 0 <= unix_ms < _LAST_MS:
        raise ValueError("expected a moment of the years 1970 to 2199")
    return unix_ms


Moment = Annotated[
    int,
    BeforeValidator(_read_moment),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="validation"),
]
"""A moment in a query: RFC 3339 text there, unix milliseconds in the program."""


class RangeQuery(ApiModel):
    """From when to when, in what steps. The range is widened to whole steps."""

    from_: Moment | None = Field(
        None,
        alias="from",
        description="The beginning; without it 3 hours, 7 or 28 days before the end, by `step`.",
    )
    to: Moment | None = Field(None, description="The end; without it, now.")
    step: Step = Field(
        Step.HOUR,
        description="How long each point is. At most 2 days in minutes, 62 in hours, 732 in days.",
    )

    def range_at(self, now_ms: int) -> TimeRange:
        """Return what is asked for. Raises ProblemError for a range that is empty or too long."""
        to_ms = now_ms if self.to is None else self.to
        from_ms = max(0, to_ms - _USUAL_MS[self.step]) if self.from_ is None else self.from_
        if from_ms >= to_ms:
            text = "expected a moment before the end of the range"
            raise INVALID.because(errors=[FieldError("?from", text)])
        longest_ms = LONGEST_MS[self.step]
        if to_ms - from_ms > longest_ms:
            text = (
                f"expected at most {longest_ms // DAY_MS} days in steps of a {self.step}, got "
                f"{(to_ms - from_ms) / DAY_MS:.1f}: ask for less, or for longer steps"
            )
            raise INVALID.because(errors=[FieldError("?from", text)])
        return TimeRange.around(from_ms, to_ms, self.step)
