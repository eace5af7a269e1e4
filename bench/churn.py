"""Whether memory stays when publishers come and go."""

import time
from dataclasses import dataclass
from statistics import median

from bench.line_fit import fit_line
from bench.load.coded_show import QUALITIES
from bench.load.publishing import publishing
from bench.plot import Line, Plot
from bench.report import Goal, Section, Table
from bench.run import BenchRun

QUALITY = QUALITIES["360p30"]
# The shows of publishers that left are let go soon, so that what is kept on purpose stays small.
_SETTINGS = ("packager.grace_s=2", "packager.ended_s=2")
_SAMPLE_S = 1.0
# Of the memory in the second quarter, which is past all warming up; allocators breathe.
_FLAT = 1.05

TEXT = """\
Publishers come, each with a channel name of its own, publish for a few seconds and leave, so many
at one time; shows end 2 s later and are dropped 2 s after that. Memory is sampled every second
(Pss). It is flat if the last quarter's median is at most 5 % above the second quarter's."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Memory when so many sessions were over."""

    sessions: int
    resident_mb: float


def measure_churn(run: BenchRun) -> Section:
    """Let all sessions pass and watch the memory."""
    extent = run.extent
    print(f"churn: {extent.sessions} sessions", flush=True)
    options = ("--session-s", str(extent.session_s), "--sessions", str(extent.sessions))
    samples: list[Sample] = []
    with (
        run.rillcast(*_SETTINGS) as server,
        publishing(server.rtmp_url, QUALITY, run.cores, options=options) as load,
    ):
        assert server.tree is not None
        load.set_publishers(extent.sessions_at_once)
        finished, refused = 0, 0
        while finished < extent.sessions:
            time.sleep(_SAMPLE_S)
            report = load.reports[-1]
            finished = report["finished"] + report["lost"]
            refused = report["refused"]
            samples.append(Sample(finished, server.tree.resident_bytes() / 1e6))
            if report["publishing"] == 0 and finished + extent.sessions_at_once < extent.sessions:
                raise RuntimeError(f"publishers no longer come: {report}")
        lost = load.reports[-1]["lost"]
    quarter = len(samples) // 4
    early = median(sample.resident_mb for sample in samples[quarter : 2 * quarter])
    late = median(sample.resident_mb for sample in samples[3 * quarter :])
    settled = samples[quarter:]
    fit = fit_line(
        [sample.sessions for sample in settled], [sample.resident_mb for sample in settled]
    )
    goal = Goal(
        f"memory over {extent.sessions} publisher sessions",
        "flat",
        f"{early:.0f} MB, in the end {late:.0f} MB ({fit.slope * 1000:+.1f} kB a session)",
        late <= early * _FLAT,
        late / early,
    )
    table = Table(
        ("sessions", "lost", "refused", "second quarter, MB", "last quarter, MB", "kB a session"),
        [(finished, lost, refused, early, late, fit.slope * 1000)],
    )
    line = Line(
        "memory",
        [sample.sessions for sample in samples],
        [sample.resident_mb for sample in samples],
    )
    plot = Plot("churn.svg", "Memory over sessions", "sessions that are over", "MB", [line])
    return Section("Publishers that come and go", TEXT, [table], [plot], [goal])
