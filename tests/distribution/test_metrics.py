"""/metrics: what was done is counted, and nothing secret is said."""

from collections.abc import Iterable
from typing import Any

import pytest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

from distribution.metrics_leave import MetricsLeave
from distribution.settings import HttpSettings
from tests.distribution.conftest import Serve
from tests.distribution.show import Show


class Encoders(Collector):
    def collect(self) -> Iterable[Metric]:
        yield GaugeMetricFamily("rillcast_ingest_publishers", "Encoders on air.", value=3)


async def test_responses_and_bytes_are_counted_by_kind(serve: Serve) -> None:
    show = Show()
    show.add_segments(3)
    served = await serve(show, collectors=(Encoders(),))
    for path in (
        "/live/ada/index.m3u8",
        "/live/ada/e1/video/part-1.m4s",
        "/live/ada/e1/video/part-2.m4s",
        "/live/ada/e1/video/segment-1.m4s",
        "/live/nobody/index.m3u8",
        "/live/ada/e1/video/index.m3u8?_HLS_part=1",
        "/api/v1/live",
        "/nothing.txt",
    ):
        await served.get(path)
    async with served.client.head("/live/ada/e1/video/part-3.m4s"):
        pass
    response, body = await served.get("/metrics")
    assert response.headers["Cache-Control"] == "no-store"
    samples = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(body.decode())
        for sample in family.samples
    }
    responses = "rillcast_http_responses_total"
    assert samples[responses, "part", "200"] == 3
    assert samples[responses, "segment", "200"] == 1
    assert samples[responses, "multivariant", "200"] == 1
    assert samples[responses, "multivariant", "404"] == 1
    assert samples[responses, "playlist", "400"] == 1
    assert samples[responses, "api", "200"] == 1
    assert samples[responses, "page", "404"] == 1
    assert samples["rillcast_http_body_bytes_total", "part"] == 8_000
    assert samples["rillcast_http_body_bytes_total", "segment"] == 16_000
    assert samples[("rillcast_live_publications",)] == 1
    assert samples[("rillcast_live_window_bytes",)] == show.publication.window_bytes
    assert samples[("rillcast_http_connections",)] >= 1
    assert samples[("rillcast_ingest_publishers",)] == 3
    assert b"ada" not in body


async def test_two_servers_of_one_process_count_apart(serve: Serve) -> None:
    first, second = await serve(), await serve()
    await first.get("/health")
    _, body = await second.get("/metrics")
    assert b'status="200"' not in body


async def test_fault_of_ours_is_a_500_without_details(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the secret is 42")

    monkeypatch.setattr("distribution.live.responder.decide", fail)
    served = await serve()
    for _ in range(2):
        response, body = await served.get("/live/ada/index.m3u8")
        assert response.status == 500
        assert body == b"something went wrong here\n"
        assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "the secret is 42" in capsys.readouterr().out
    response, _ = await served.get("/health")
    assert response.status == 200


async def test_fault_of_a_route_is_a_500_without_details(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the secret is 42")

    monkeypatch.setattr("distribution.metrics.generate_latest", fail)
    served = await serve()
    response, body = await served.get("/metrics")
    assert (response.status, body) == (500, b"something went wrong here\n")


@pytest.mark.parametrize(
    ("address", "headers", "is_given"),
    [
        ("127.0.0.1", {}, True),
        ("127.8.0.1", {}, True),
        ("::1", {}, True),
        ("::ffff:127.0.0.1", {}, True),
        ("::ffff:192.0.2.1", {}, False),
        ("192.0.2.1", {}, False),
        ("10.0.0.9", {}, True),
        ("fe80::1%eth0", {}, False),
        ("", {}, False),
        (None, {}, False),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, False),
        ("127.0.0.1", {"Forwarded": "for=127.0.0.1"}, False),
        ("127.0.0.1", {"Via": "1.1 proxy"}, False),
        ("192.0.2.1", {"Authorization": "Bearer sixteen-letters-x"}, True),
        ("192.0.2.1", {"Authorization": "bearer  sixteen-letters-x"}, True),
        ("192.0.2.1", {"Authorization": "Bearer sixteen-letters-y"}, False),
        ("192.0.2.1", {"Authorization": "Bearer "}, False),
        ("192.0.2.1", {"Authorization": "Basic sixteen-letters-x"}, False),
        ("127.0.0.1", {"Via": "1.1 p", "Authorization": "Bearer sixteen-letters-x"}, True),
    ],
)
def test_metrics_are_for_the_operator_alone(
    address: str | None, headers: dict[str, str], is_given: bool
) -> None:
    settings = HttpSettings(
        metrics_addresses=frozenset({"127.0.0.0/8", "::1", "10.0.0.9"}),
        metrics_token="sixteen-letters-x",
    )
    assert MetricsLeave(settings).is_given(address, headers) is is_given


def test_no_token_lets_nobody_in() -> None:
    leave = MetricsLeave(HttpSettings())
    assert not leave.is_given("192.0.2.1", {"Authorization": "Bearer "})


async def test_who_comes_through_a_proxy_gets_no_metrics(serve: Serve) -> None:
    served = await serve()
    response, body = await served.get("/metrics", X_Forwarded_For="192.0.2.1")
    assert response.status == 403
    assert b"http.metrics_addresses" in body
    assert b"rillcast_" not in body


@pytest.mark.parametrize("settings", [{"metrics_token": "short"}, {"metrics_addresses": {"here"}}])
def test_what_would_not_guard_metrics_is_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"metrics_token: expected|does not appear to be"):
        HttpSettings(**settings)


async def test_time_of_routed_responses_is_counted(serve: Serve) -> None:
    served = await serve()
    await served.get("/api/v1/live")
    _, body = await served.get("/metrics")
    assert b'rillcast_http_response_seconds_count{kind="api"} 1.0' in body
    assert b'rillcast_http_response_seconds_bucket{kind="api",le="+Inf"} 1.0' in body
