"""Samples in, cuts out: where parts and segments begin and end, in every rendition alike. Pure."""

from packager.segmenter.change import (
    CadenceChosen,
    Change,
    FragmentSample,
    InitChanged,
    PartCut,
    SegmentClosed,
    SegmentOpened,
    WarningRaised,
)
from packager.segmenter.due_cut import DueCut
from packager.segmenter.errors import NoPublisherError, ResumeError, SegmenterError
from packager.segmenter.resume import ResumePoint
from packager.segmenter.segmenter import Segmenter
from packager.segmenter.settings import SegmenterSettings

__all__ = [
    "CadenceChosen",
    "Change",
    "DueCut",
    "FragmentSample",
    "InitChanged",
    "NoPublisherError",
    "PartCut",
    "ResumeError",
    "ResumePoint",
    "SegmentClosed",
    "SegmentOpened",
    "Segmenter",
    "SegmenterError",
    "SegmenterSettings",
    "WarningRaised",
]
