"""Every rule for answers as HTTP: type, caching, compression, CORS."""

import pytest

from conformance.check import Check
from conformance.checks.delivery import (
    check_media_delivery,
    check_multivariant_delivery,
    check_playlist_delivery,
    check_refusal_delivery,
)
from conformance.exchange import Exchange
from tests.conformance.playlists import (
    MEDIA_HEADERS,
    OLD,
    PLAYLIST_HEADERS,
    URL,
    answer,
)


def checks(findings: object) -> set[Check]:
    assert hasattr(findings, "__iter__")
    return {finding.check for finding in findings}


def changed(headers: dict[str, str], **changes: str | None) -> dict[str, str]:
    merged = {**headers, **{name.replace("_", "-"): value for name, value in changes.items()}}
    return {name: value for name, value in merged.items() if value is not None}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, set()),
        ({"content_type": "audio/mpegurl; charset=utf-8"}, set()),
        ({"content_type": "application/x-mpegURL"}, {Check.PLAYLIST_TYPE_HEADER}),
        ({"content_encoding": None}, {Check.GZIP}),
        ({"access_control_allow_origin": None}, {Check.CORS}),
        ({"cache_control": None}, {Check.CACHING}),
        ({"cache_control": "max-age=5"}, {Check.CACHING}),
        ({"cache_control": "public, max-age=1"}, set()),
        ({"age": "3"}, {Check.CACHING}),
    ],
)
def test_playlists_are_delivered_so_that_players_and_caches_cope(
    changes: dict[str, str | None], expected: set[Check]
) -> None:
    exchange = answer(OLD, headers=changed(PLAYLIST_HEADERS, **changes))
    assert checks(check_playlist_delivery(exchange, 2)) == expected


def test_blocking_answers_may_be_kept_for_six_targets() -> None:
    def found(cache_control: str) -> set[Check]:
        headers = changed(PLAYLIST_HEADERS, cache_control=cache_control)
        exchange = answer(OLD, url=f"{URL}?_HLS_msn=17", headers=headers)
        return checks(check_playlist_delivery(exchange, 2))

    assert found("max-age=12") == set()
    assert found("max-age=3600") == {Check.CACHING}


def test_multivariant_playlist_may_be_kept_shortly() -> None:
    def found(cache_control: str | None) -> set[Check]:
        headers = changed(PLAYLIST_HEADERS, cache_control=cache_control)
        return checks(check_multivariant_delivery(answer(OLD, headers=headers)))

    assert found("max-age=10") == set()
    assert found("max-age=60") == {Check.CACHING}
    assert found(None) == {Check.CACHING}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, set()),
        ({"content_type": "application/octet-stream"}, {Check.PLAYLIST_TYPE_HEADER}),
        ({"content_encoding": "gzip"}, {Check.GZIP}),
        ({"cache_control": "no-cache"}, {Check.CACHING}),
        ({"access_control_allow_origin": "https://one.example"}, {Check.CORS}),
        ({"age": "0"}, {Check.CACHING}),
    ],
)
def test_media_is_delivered_so_that_players_and_caches_cope(
    changes: dict[str, str | None], expected: set[Check]
) -> None:
    exchange = answer(b"x", headers=changed(MEDIA_HEADERS, **changes))
    assert checks(check_media_delivery(exchange, 2)) == expected


@pytest.mark.parametrize(
    ("cache_control", "expected"),
    [
        ("no-store", set()),
        ("max-age=1", set()),
        (None, {Check.CACHING}),
        ("max-age=60", {Check.CACHING}),
    ],
)
def test_refusals_are_not_kept_by_caches(cache_control: str | None, expected: set[Check]) -> None:
    headers = changed({"access-control-allow-origin": "*"}, cache_control=cache_control)
    refusal: Exchange = answer(b"", status=404, headers=headers)
    assert checks(check_refusal_delivery(refusal, 2)) == expected


def test_refused_blocking_reloads_may_be_kept_for_four_targets() -> None:
    headers = changed({"access-control-allow-origin": "*"}, cache_control="max-age=8")
    refusal = answer(b"", url=f"{URL}?_HLS_msn=99", status=400, headers=headers)
    assert list(check_refusal_delivery(refusal, 2)) == []
    assert checks(check_refusal_delivery(refusal, 1)) == {Check.CACHING}
