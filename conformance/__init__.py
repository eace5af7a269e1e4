"""Conformance: an independent witness of a live server, which reads the wire alone."""

from conformance.check import Check
from conformance.dash_follower import DashFollower
from conformance.errors import (
    ConformanceError,
    TargetError,
    TargetNotLiveError,
    TargetOfflineError,
    TargetUnreachableError,
)
from conformance.finding import Finding, Severity
from conformance.follow_settings import FollowSettings
from conformance.following import follow
from conformance.live_follower import LiveFollower
from conformance.probe import ProbeExit, probe
from conformance.report import RenditionMeasures, RenditionState, Report

__all__ = [
    "Check",
    "ConformanceError",
    "DashFollower",
    "Finding",
    "FollowSettings",
    "LiveFollower",
    "ProbeExit",
    "RenditionMeasures",
    "RenditionState",
    "Report",
    "Severity",
    "TargetError",
    "TargetNotLiveError",
    "TargetOfflineError",
    "TargetUnreachableError",
    "follow",
    "probe",
]
