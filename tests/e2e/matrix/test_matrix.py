"""Every codec, frame rate and shape of show, in every latency profile, keeps every rule live.

The shows of one profile are published at once to one server, and followed at once over HLS and
DASH; a test for each value of the matrix then reads its show's reports.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import pytest

from conformance.check import Check
from conformance.finding import FindingTally, Severity
from conformance.follow_settings import FollowSettings
from conformance.following import follow
from conformance.report import Report
from tests.e2e.matrix.load_watch import LoadWatch
from tests.e2e.matrix.shows import VALUES, make_shows
from tests.support.rillcast_server import RillcastServer, rillcast_server
from tests.support.rtmp_publisher import RtmpPublisher, Show
from tests.support.viewer import DecodedRendition, viewer

# One group: the profiles run one after another, beside other tests.
pytestmark = [
    pytest.mark.real,
    pytest.mark.xdist_group("matrix"),
    pytest.mark.timeout(900),
]

PROFILES = ("low", "normal", "steady")
ATTEMPTS = 3
FOLLOWED_S = 14.0  # five segments of two seconds, and the start
LONG_GOP_FOLLOWED_S = 34.0  # three of 8.3 s that begin after the first request
# What is late on a machine where the server, or we, waited for a core.
TIMING = frozenset(
    {Check.PART_CADENCE, Check.SEGMENT_CADENCE, Check.HOLD_ENDS, Check.SEGMENT_AVAILABLE}
)
# These warn of the server's work alone, whatever the machine does: here they count as errors.
UNTIMED = frozenset({Check.PROGRESSIVE, Check.REFERENCE_TIME})


@dataclass(frozen=True)
class Outcome:
    """What was seen of one show in one profile."""

    hls: Report
    dash: Report
    was_busy: bool
    decoded: DecodedRendition | None


async def _publish_and_follow(server: RillcastServer, name: str, show: Show) -> Outcome:
    duration_s = LONG_GOP_FOLLOWED_S if name == "long-gop" else FOLLOWED_S
    load = LoadWatch(server.process.pid)
    settings = FollowSettings(
        checks_actively=True, segment_every=2, waiters=1000 if name == "video-only" else 0
    )
    async with (
        viewer(server.live_url(name)) as watching,
        RtmpPublisher(f"{server.rtmp_url}/{name}") as publisher,
    ):
        sending = asyncio.create_task(
            publisher.send(show, realtime=True, duration_s=duration_s + 400)
        )
        await watching.wait_until_live()
        watch = asyncio.create_task(load.run())
        mpd_url = watching.url.replace("index.m3u8", "manifest.mpd")
        hls, dash = await asyncio.gather(
            follow(watching.url, duration_s=duration_s, settings=settings),
            follow(mpd_url, duration_s=duration_s, settings=settings),
        )
        decoded = await watching.decode("audio") if name == "vp9-ntsc" else None
        watch.cancel()
        sending.cancel()
    return Outcome(hls, dash, load.was_busy, decoded)


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Mapping[str, Outcome]]:
    """Run a profile's shows when the first of its tests asks for them."""
    shows = make_shows()

    async def together(server: RillcastServer, names: Iterable[str]) -> dict[str, Outcome]:
        async with asyncio.TaskGroup() as group:
            running = {
                name: group.create_task(_publish_and_follow(server, name, shows[name]))
                for name in names
            }
        return {name: task.result() for name, task in running.items()}

    @cache
    def run(profile: str) -> Mapping[str, Outcome]:
        flags = ("--open", "--set", f"packager.profile={profile}")
        outcomes: dict[str, Outcome] = {}
        # What went wrong while the machine was held up is published once more, by itself.
        for _ in range(ATTEMPTS):
            names = [name for name in shows if name not in outcomes or _is_doubtful(outcomes[name])]
            if names:
                with rillcast_server(tmp_path_factory.mktemp(profile), *flags) as server:
                    outcomes.update(asyncio.run(together(server, names)))
        return outcomes

    return run


def _is_doubtful(outcome: Outcome) -> bool:
    return outcome.was_busy and any(
        _broken(report, outcome) or not _went_on(report) for report in (outcome.hls, outcome.dash)
    )


def _broken(report: Report, outcome: Outcome) -> list[FindingTally]:
    return [tally for tally in report.findings if _counts(tally, outcome)]


def _went_on(report: Report) -> bool:
    return bool(report.renditions) and all(
        rendition.segments >= 3 and rendition.failures == 0 for rendition in report.renditions
    )


def _counts(tally: FindingTally, outcome: Outcome) -> bool:
    if outcome.was_busy and tally.check in TIMING:
        return False
    return tally.severity is Severity.ERROR or tally.check in UNTIMED


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("profile", PROFILES)
def test_every_rule_is_kept(
    profile: str, value: str, outcomes: Callable[[str], Mapping[str, Outcome]]
) -> None:
    outcome = outcomes(profile)[VALUES[value]]
    for report in (outcome.hls, outcome.dash):
        broken = _broken(report, outcome)
        assert not broken, (report.url, broken)
        assert _went_on(report), report.renditions


@pytest.mark.parametrize("profile", PROFILES)
def test_made_up_he_aac_decodes_to_twice_its_rate(
    profile: str, outcomes: Callable[[str], Mapping[str, Outcome]]
) -> None:
    decoded = outcomes(profile)["vp9-ntsc"].decoded
    assert decoded is not None
    assert not decoded.complaints, decoded.complaints
    assert decoded.codecs == ("aac",)
    steps = {
        round((later - earlier) * 48_000)
        for earlier, later in zip(decoded.times_s, decoded.times_s[1:], strict=False)
    }
    assert steps == {2048}
