"""What it costs to decide whether one request for live media may be answered."""

import time
from collections.abc import Callable

from accounts.channels.live_rules import ChannelRule, LiveRules
from accounts.channels.playback_token import PlaybackClaim, PlaybackKeys, write_playback_token
from accounts.channels.view_gate import View, ViewGate
from accounts.channels.visibility import Visibility
from bench.report import Goal, Section, Table
from bench.run import BenchRun

_KEYS = PlaybackKeys([b"k" * 32])
_ISSUED_MS = 1_800_000_000_000
_NOW_MS = _ISSUED_MS + 60_000
_LIMIT_US = 20.0
_VIEWERS = 20_000
_CHECKS = 200_000
_ROUNDS = 5


def measure_playback_check(run: BenchRun) -> Section:
    """Ask ViewGate in every way that viewers and strangers do; the best of several rounds."""
    checks = _CHECKS // 10 if run.extent.rounds == 1 else _CHECKS
    tokens = [_token(f"acc_01KAHRJ2M7V7Q0E1S0T8C{number:05}W") for number in range(_VIEWERS)]
    forged = [token[:-2] + "AA" for token in tokens]
    cases: dict[str, tuple[Callable[[ViewGate, int], View], View]] = {
        "open channel": (lambda gate, _: gate.authorize_view("open", None, _NOW_MS), View.SHARED),
        "token seen before": (
            lambda gate, turn: gate.authorize_view("shut", tokens[turn % 100], _NOW_MS),
            View.PERSONAL,
        ),
        "token seen for the first time": (
            lambda gate, turn: gate.authorize_view("shut", tokens[turn % _VIEWERS], _NOW_MS),
            View.PERSONAL,
        ),
        "forged token": (
            lambda gate, turn: gate.authorize_view("shut", forged[turn % _VIEWERS], _NOW_MS),
            View.UNKNOWN,
        ),
    }
    rows, worst_us = [], 0.0
    for name, (ask, expected) in cases.items():
        count = min(checks, _VIEWERS) if "first" in name else checks
        best_us = min(_round_us(ask, expected, count) for _ in range(_ROUNDS))
        worst_us = max(worst_us, best_us)
        rows.append((name, round(best_us, 2)))
    return Section(
        "May this viewer watch?",
        "Processor time of one decision, in memory, as it is made for every request below /live/. "
        f"{_VIEWERS:,} viewers with tokens of their own; one of 1,000 was banned.",
        tables=[Table(("request", "us"), rows)],
        goals=[
            Goal(
                "playback token",
                f"under {_LIMIT_US:g} us a request",
                f"{worst_us:.1f} us at worst",
                worst_us < _LIMIT_US,
                worst_us / _LIMIT_US,
            )
        ],
    )


def _round_us(ask: Callable[[ViewGate, int], View], expected: View, count: int) -> float:
    gate = _gate()  # knows no token yet
    begun_ns = time.process_time_ns()
    for turn in range(count):
        ask(gate, turn)
    taken_ns = time.process_time_ns() - begun_ns
    assert ask(gate, 0) is expected
    return taken_ns / count / 1000


def _gate() -> ViewGate:
    rules = LiveRules()
    banned = {f"acc_banned{number}": _NOW_MS for number in range(_VIEWERS // 1000)}
    for name, visibility in (("open", Visibility.PUBLIC), ("shut", Visibility.PRIVATE)):
        rules.put(
            ChannelRule(
                channel_id=f"chn_{name}",
                name=name,
                visibility=visibility,
                is_closed=False,
                latency_profile="normal",
                grace_s=60,
                shut_out=banned,
            )
        )
    return ViewGate(rules, _KEYS)


def _token(viewer: str) -> str:
    claim = PlaybackClaim(viewer, _ISSUED_MS, _ISSUED_MS + 3_600_000)
    return write_playback_token(_KEYS, "chn_shut", claim)
