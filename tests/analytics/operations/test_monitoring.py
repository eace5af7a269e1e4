"""What is documented, drawn and alerted on is what a real server tells, and nothing is left out."""

import asyncio
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.support.accounts_server import accounts_server, signed_in

ROOT = Path(__file__).parents[3]
DOCS = ROOT / "docs" / "monitoring.md"
DASHBOARD = ROOT / "deploy" / "grafana" / "rillcast.json"
PROMETHEUS = ROOT / "deploy" / "prometheus"
RULES = PROMETHEUS / "rillcast.rules.yml"
NAME = re.compile(r"\brillcast_[a-z0-9_]+")
RECORDED = re.compile(r"\brillcast:[a-z0-9_:]+")
OF_HISTOGRAMS = ("_bucket", "_sum", "_count")
# The only labels there may be, and how many values each may take.
LABELS = {
    "version": 1,
    "kind": 9,
    "status": 40,
    "generation": 3,
    "level": 2,
    "queue": 20,
    "reason": 20,
    "code": 60,
    "severity": 4,
    "outcome": 12,
    "le": 20,
}

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def scraped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """What a server with accounts tells when it has been asked for a few things."""

    async def scrape(url: str) -> str:
        async with signed_in(server, "ada") as ada, aiohttp.ClientSession() as session:
            while True:  # nobody announces that the server has looked at itself
                if (await ada.ask("GET", "/admin/overview"))[1]["storage"] is not None:
                    break
                await asyncio.sleep(0.2)
            for path in ("/", "/live/nobody/index.m3u8", "/nothing"):
                async with session.get(url + path):
                    pass
            async with session.get(f"{url}/metrics") as response:
                return await response.text()

    with accounts_server(Path(tmp_path_factory.mktemp("scraped"))) as server:
        yield asyncio.run(scrape(server.http_url))


@pytest.fixture(scope="module")
def told(scraped: str) -> dict[str, str]:
    """Every family by its name, with its type."""
    return dict(re.findall(r"^# TYPE (\S+) (\S+)$", scraped, re.MULTILINE))


def named(text: str, told: dict[str, str]) -> set[str]:
    """Return the metrics that a text names; parts of histograms by the histogram."""
    found = set()
    for name in NAME.findall(text):
        whole = [name.removesuffix(end) for end in OF_HISTOGRAMS if name.endswith(end)]
        is_part = name not in told and whole and told.get(whole[0]) == "histogram"
        found.add(whole[0] if is_part else name)
    return found


def expressions() -> list[str]:
    dashboard = json.loads(DASHBOARD.read_text("utf-8"))
    targets = [target for panel in dashboard["panels"] for target in panel.get("targets", ())]
    found = [target["expr"] for target in targets]
    found += [each["expr"] for each in dashboard["annotations"]["list"]]
    assert len(found) > 50
    return found


def test_the_reference_names_every_metric_and_no_other(told: dict[str, str]) -> None:
    documented = named(DOCS.read_text("utf-8"), told)
    assert documented == set(told)


def test_dashboard_and_rules_name_metrics_that_exist(told: dict[str, str]) -> None:
    rules = RULES.read_text("utf-8")
    used = named("\n".join(expressions()), told) | named(rules, told)
    assert used <= set(told)
    recorded = set(re.findall(r"record: (\S+)", rules))
    assert set(RECORDED.findall("\n".join([*expressions(), rules]))) == recorded


def test_no_family_is_told_twice(scraped: str) -> None:
    names = re.findall(r"^# TYPE (\S+) ", scraped, re.MULTILINE)
    assert len(names) == len(set(names))


def test_names_follow_the_convention(told: dict[str, str]) -> None:
    for name, kind in told.items():
        assert name.endswith("_total") == (kind == "counter"), name
        if kind == "histogram":
            assert name.endswith(("_seconds", "_bytes")), name
        # Base units alone: https://prometheus.io/docs/practices/naming/
        assert not re.search(r"_(ms|milliseconds|us|kb|mb|bits|percent)\b", name)


def test_labels_are_few_and_none_names_anybody(scraped: str) -> None:
    values: dict[tuple[str, str], set[str]] = {}
    for family in text_string_to_metric_families(scraped):
        for sample in family.samples:
            for label, value in sample.labels.items():
                values.setdefault((family.name, label), set()).add(value)
    for (name, label), found in values.items():
        assert label in LABELS, (name, label)
        assert len(found) <= LABELS[label], (name, label, found)
    assert not re.search(r"studio|olga|example\.org|127\.0\.0\.1", scraped)


def test_every_alert_is_documented() -> None:
    alerts = set(re.findall(r"alert: (\S+)", RULES.read_text("utf-8")))
    assert alerts == set(re.findall(r"`(Rillcast\w+)`", DOCS.read_text("utf-8")))


def test_every_queue_is_documented(scraped: str) -> None:
    queues = set(re.findall(r'rillcast_queue_waiting\{queue="([^"]+)"\}', scraped))
    section = DOCS.read_text("utf-8").partition("### Queues")[2].partition("## Every")[0]
    first_cells = re.findall(r"^\| ((?:`[a-z-]+`(?:, )?)+) \|", section, re.MULTILINE)
    assert queues == {name for cell in first_cells for name in re.findall(r"`([a-z-]+)`", cell)} - {
        "queue"
    }


def test_prometheus_takes_the_rules_and_they_do_what_they_say() -> None:
    promtool = shutil.which("promtool")
    assert promtool is not None, "expected promtool: make test installs it"
    for command in (
        ["check", "config", str(PROMETHEUS / "prometheus.yml")],
        ["test", "rules", str(Path(__file__).with_name("alerts.test.yml"))],
    ):
        ran = subprocess.run([promtool, *command], capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_dashboard_has_a_panel_for_each_place(told: dict[str, str]) -> None:
    dashboard = json.loads(DASHBOARD.read_text("utf-8"))
    panels = dashboard["panels"]
    ids = [panel["id"] for panel in panels]
    assert len(ids) == len(set(ids))
    places = [
        (x, y)
        for panel in panels
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]
    assert len(places) == len(set(places))
    assert max(x for x, _ in places) < 24
    assert told
