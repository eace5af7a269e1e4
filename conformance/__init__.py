"""Conformance: an independent witness of a live HLS server, which reads the wire alone."""

from conformance.check import Check
from conformance.errors import (
    ConformanceError,
    TargetError,
    TargetNotHlsError,
    TargetOfflineError,
    TargetUnreachableError,
)
from conformance.finding import Finding, Severity
from conformance.follow_settings import FollowSettings
from conformance.live_follower import LiveFollower, follow
from conformance.probe import ProbeExit, probe
from conformance.report import RenditionMeasures, RenditionState, Report

__all__ = [
    "Check",
    "ConformanceError",
    "Finding",
    "FollowSettings",
    "LiveFollower",
    "ProbeExit",
    "RenditionMeasures",
    "RenditionState",
    "Report",
    "Severity",
    "TargetError",
    "TargetNotHlsError",
    "TargetOfflineError",
    "TargetUnreachableError",
    "follow",
    "probe",
]
