"""Report: what following a presentation has measured and found, at one moment."""

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import Enum

from conformance.check import Check
from conformance.finding import FindingTally, Severity


class RenditionState(Enum):
    """How following a rendition goes."""

    STARTING = "starting"
    LIVE = "live"
    WAITING = "waiting"
    ENDED = "ended"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True, kw_only=True)
class RenditionMeasures:
    """The measures of one rendition. None where nothing could be measured yet.

    Jitter is the distance between the time from one part's listing to the next and the duration of
    the part. Latency is the server's time minus the date of the newest part's end. Stalls are
    those of a player that holds back as the playlist says.
    """

    name: str
    url: str
    kind: str
    codec: str
    state: RenditionState
    msn: int | None
    part: int | None
    parts: int
    segments: int
    requests: int
    failures: int
    jitter_mean_ms: float | None
    jitter_p95_ms: float | None
    latency_s: float | None
    latency_mean_s: float | None
    latency_p95_s: float | None
    bitrate_bps: int | None
    stalls: int
    stalled_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All measures and findings so far; also what a live table draws."""

    url: str
    started_unix_s: float
    elapsed_s: float
    server_offset_s: float
    has_ended: bool
    renditions: tuple[RenditionMeasures, ...]
    findings: tuple[FindingTally, ...]

    @property
    def errors(self) -> int:
        """How often a MUST was broken."""
        return sum(t.count for t in self.findings if t.severity is Severity.ERROR)

    @property
    def warnings(self) -> int:
        """How often a SHOULD was broken."""
        return sum(t.count for t in self.findings if t.severity is Severity.WARNING)

    def to_json(self) -> dict[str, object]:
        """Turn the report into what `json.dumps` takes. Keys are camelCase, times in RFC 3339."""
        started = datetime.fromtimestamp(self.started_unix_s, UTC)
        return {
            "url": self.url,
            "startedAt": started.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "elapsedS": round(self.elapsed_s, 3),
            "serverOffsetS": round(self.server_offset_s, 3),
            "hasEnded": self.has_ended,
            "errors": self.errors,
            "warnings": self.warnings,
            "renditions": [_rendition_json(each) for each in self.renditions],
            "rules": [self._rule_json(check) for check in Check],
            "findings": [
                {
                    "check": tally.check.number,
                    "rule": tally.check.title,
                    "source": tally.check.source,
                    "severity": tally.severity.value,
                    "place": tally.place,
                    "count": tally.count,
                    "examples": [
                        {"url": finding.url, "text": finding.text} for finding in tally.findings
                    ],
                }
                for tally in self.findings
            ],
        }

    def _rule_json(self, check: Check) -> dict[str, object]:
        """Tell how often one rule was broken; never, where it was not, or does not apply."""
        broken = Counter[Severity]()
        for tally in self.findings:
            if tally.check is check:
                broken[tally.severity] += tally.count
        return {
            "check": check.number,
            "rule": check.title,
            "source": check.source,
            "errors": broken[Severity.ERROR],
            "warnings": broken[Severity.WARNING],
        }


def _rendition_json(measures: RenditionMeasures) -> dict[str, object]:
    values: dict[str, object] = {}
    for name, value in asdict(measures).items():
        first, *rest = name.split("_")
        key = first + "".join(word.capitalize() for word in rest)
        if isinstance(value, Enum):
            values[key] = value.value
        else:
            values[key] = round(value, 3) if isinstance(value, float) else value
    return values
