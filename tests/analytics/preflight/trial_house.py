"""What trials are tested with: services on one database, and a desk whose time is told."""

from dataclasses import dataclass, field

from analytics.preflight.settings import PreflightSettings
from analytics.preflight.trial_desk import TrialDesk
from analytics.preflight.trial_gate import TrialGate
from analytics.preflight.trial_run import TrialRun
from analytics.preflight.trials import Trials
from ingest.events import MediaMeasured, PublisherStarted
from tests.accounts.channels.world import World
from tests.analytics.doctor.made_media import Made


@dataclass
class TrialHouse:
    """One server's trials. `shown_out` holds channels and texts, in their order."""

    world: World
    channel_id: str = ""
    settings: PreflightSettings = field(default_factory=PreflightSettings)
    shown_out: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Put them together."""
        database, clock = self.world.database, self.world.clock
        self.desk = TrialDesk(database, clock, self.settings, self._show_out)
        self.gate = TrialGate(database, clock)
        self.trials = Trials(database, clock, self.settings, self.desk.cancel)

    def begin(self, trial_id: str, account_id: str = "acc_OWNER") -> TrialRun:
        """Let an encoder in."""
        run = self.desk.begin(trial_id, account_id, "normal", 1000.0)
        started = PublisherStarted(1, f"test:{trial_id}", "OBS", "192.0.2.1")
        run.note(started, 1000.0, self.world.now_ms)
        return run

    def publish(self, run: TrialRun, length_s: float) -> float:
        """Let it send so much; return when that was."""
        now_s = 1000.0
        for stretch in Made(length_s=length_s).stretches():
            now_s = stretch.read_at_s
            run.note(MediaMeasured(1, "", [stretch]), now_s, self.world.now_ms)
        return now_s

    def _show_out(self, channel: str, text: str) -> None:
        self.shown_out.append((channel, text))
