"""ElementRule: what DASH's schema allows in each element, as a table (ISO/IEC 23009-1 annex B).

Written after the fifth edition's DASH-MPD.xsd. Elements and attributes of other namespaces may
stand anywhere, as the schema has it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementRule:
    """An element's attributes with their types, those it needs, and its children in order.

    `once` names the children that come at most once, `needs` those that must come. `text` is the
    type of its text, or None where there must be none.
    """

    attributes: Mapping[str, str] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    children: tuple[str, ...] = ()
    once: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    text: str | None = None


_DESCRIPTOR = ElementRule(
    attributes={"schemeIdUri": "uri", "value": "string", "id": "string"},
    required=frozenset({"schemeIdUri"}),
)
_URL = ElementRule(attributes={"sourceURL": "uri", "range": "range"})
_LABEL = ElementRule(attributes={"id": "unsignedInt", "lang": "language"}, text="string")
_STRING = ElementRule(text="string")

_COMMON_ATTRIBUTES = {
    "profiles": "profiles",
    "width": "unsignedInt",
    "height": "unsignedInt",
    "sar": "ratio",
    "frameRate": "frameRate",
    "audioSamplingRate": "samplingRate",
    "mimeType": "string",
    "segmentProfiles": "words",
    "containerProfiles": "words",
    "codecs": "codecs",
    "supplementalCodecs": "words",
    "maximumSAPPeriod": "double",
    "startWithSAP": "sap",
    "maxPlayoutRate": "double",
    "codingDependency": "boolean",
    "scanType": "scanType",
    "selectionPriority": "unsignedInt",
    "tag": "string",
}
_COMMON_CHILDREN = (
    "FramePacking",
    "AudioChannelConfiguration",
    "ContentProtection",
    "OutputProtection",
    "EssentialProperty",
    "SupplementalProperty",
    "InbandEventStream",
    "Switching",
    "RandomAccess",
    "GroupLabel",
    "Label",
    "ProducerReferenceTime",
    "ContentPopularityRate",
    "Resync",
)
_ROLES = ("Accessibility", "Role", "Rating", "Viewpoint")
_SEGMENT_FORMS = ("SegmentBase", "SegmentList", "SegmentTemplate")
_SEGMENT_BASE_ATTRIBUTES = {
    "timescale": "unsignedInt",
    "eptDelta": "integer",
    "pdDelta": "integer",
    "presentationTimeOffset": "unsignedLong",
    "presentationDuration": "unsignedLong",
    "timeShiftBufferDepth": "duration",
    "indexRange": "range",
    "indexRangeExact": "boolean",
    "availabilityTimeOffset": "double",
    "availabilityTimeComplete": "boolean",
}
_SEGMENT_BASE_CHILDREN = ("Initialization", "RepresentationIndex", "FailoverContent")
_MULTIPLE_ATTRIBUTES = {
    **_SEGMENT_BASE_ATTRIBUTES,
    "duration": "unsignedInt",
    "startNumber": "unsignedInt",
    "endNumber": "unsignedInt",
}
_MULTIPLE_CHILDREN = (*_SEGMENT_BASE_CHILDREN, "SegmentTimeline", "BitstreamSwitching")
_EVENT_STREAM_ATTRIBUTES = {
    "schemeIdUri": "uri",
    "value": "string",
    "timescale": "unsignedInt",
    "presentationTimeOffset": "unsignedLong",
}

ELEMENT_RULES: Mapping[str, ElementRule] = {
    "MPD": ElementRule(
        attributes={
            "id": "string",
            "profiles": "profiles",
            "type": "presentationType",
            "availabilityStartTime": "dateTime",
            "availabilityEndTime": "dateTime",
            "publishTime": "dateTime",
            "mediaPresentationDuration": "duration",
            "minimumUpdatePeriod": "duration",
            "minBufferTime": "duration",
            "timeShiftBufferDepth": "duration",
            "suggestedPresentationDelay": "duration",
            "maxSegmentDuration": "duration",
            "maxSubsegmentDuration": "duration",
        },
        required=frozenset({"profiles", "minBufferTime"}),
        children=(
            "ProgramInformation",
            "BaseURL",
            "Location",
            "PatchLocation",
            "ServiceDescription",
            "InitializationSet",
            "InitializationGroup",
            "InitializationPresentation",
            "ContentProtection",
            "Period",
            "Metrics",
            "EssentialProperty",
            "SupplementalProperty",
            "UTCTiming",
            "LeapSecondInformation",
        ),
        once=frozenset({"LeapSecondInformation"}),
        needs=frozenset({"Period"}),
    ),
    "Period": ElementRule(
        attributes={
            "id": "string",
            "start": "duration",
            "duration": "duration",
            "bitstreamSwitching": "boolean",
        },
        children=(
            "BaseURL",
            *_SEGMENT_FORMS,
            "AssetIdentifier",
            "EventStream",
            "ServiceDescription",
            "ContentProtection",
            "AdaptationSet",
            "Subset",
            "SupplementalProperty",
            "EmptyAdaptationSet",
            "GroupLabel",
            "Preselection",
        ),
        once=frozenset({*_SEGMENT_FORMS, "AssetIdentifier"}),
    ),
    "AdaptationSet": ElementRule(
        attributes={
            **_COMMON_ATTRIBUTES,
            "id": "unsignedInt",
            "group": "unsignedInt",
            "lang": "language",
            "contentType": "contentType",
            "par": "ratio",
            "minBandwidth": "unsignedInt",
            "maxBandwidth": "unsignedInt",
            "minWidth": "unsignedInt",
            "maxWidth": "unsignedInt",
            "minHeight": "unsignedInt",
            "maxHeight": "unsignedInt",
            "minFrameRate": "frameRate",
            "maxFrameRate": "frameRate",
            "segmentAlignment": "conditionalUint",
            "subsegmentAlignment": "conditionalUint",
            "subsegmentStartsWithSAP": "sap",
            "bitstreamSwitching": "boolean",
            "initializationSetRef": "uints",
        },
        children=(
            *_COMMON_CHILDREN,
            *_ROLES,
            "ContentComponent",
            "BaseURL",
            *_SEGMENT_FORMS,
            "Representation",
        ),
        once=frozenset(_SEGMENT_FORMS),
    ),
    "Representation": ElementRule(
        attributes={
            **_COMMON_ATTRIBUTES,
            "id": "idWithoutSpace",
            "bandwidth": "unsignedInt",
            "qualityRanking": "unsignedInt",
            "dependencyId": "words",
            "associationId": "words",
            "associationType": "words",
            "mediaStreamStructureId": "words",
        },
        required=frozenset({"id", "bandwidth"}),
        children=(*_COMMON_CHILDREN, "BaseURL", "SubRepresentation", *_SEGMENT_FORMS),
        once=frozenset(_SEGMENT_FORMS),
    ),
    "SubRepresentation": ElementRule(
        attributes={
            **_COMMON_ATTRIBUTES,
            "level": "unsignedInt",
            "dependencyLevel": "uints",
            "bandwidth": "unsignedInt",
            "contentComponent": "words",
        },
        children=_COMMON_CHILDREN,
    ),
    "SegmentBase": ElementRule(
        attributes=_SEGMENT_BASE_ATTRIBUTES,
        children=_SEGMENT_BASE_CHILDREN,
        once=frozenset(_SEGMENT_BASE_CHILDREN),
    ),
    "SegmentList": ElementRule(
        attributes=_MULTIPLE_ATTRIBUTES,
        children=(*_MULTIPLE_CHILDREN, "SegmentURL"),
        once=frozenset(_MULTIPLE_CHILDREN),
    ),
    "SegmentTemplate": ElementRule(
        attributes={
            **_MULTIPLE_ATTRIBUTES,
            "media": "string",
            "index": "string",
            "initialization": "string",
            "bitstreamSwitching": "string",
        },
        children=_MULTIPLE_CHILDREN,
        once=frozenset(_MULTIPLE_CHILDREN),
    ),
    "SegmentTimeline": ElementRule(children=("S",)),
    "S": ElementRule(
        attributes={
            "t": "unsignedLong",
            "n": "unsignedLong",
            "d": "unsignedLong",
            "r": "integer",
            "k": "unsignedLong",
        },
        required=frozenset({"d"}),
    ),
    "SegmentURL": ElementRule(
        attributes={"media": "uri", "mediaRange": "range", "index": "uri", "indexRange": "range"}
    ),
    "Initialization": _URL,
    "RepresentationIndex": _URL,
    "BitstreamSwitching": _URL,
    "BaseURL": ElementRule(
        attributes={
            "serviceLocation": "string",
            "byteRange": "string",
            "availabilityTimeOffset": "double",
            "availabilityTimeComplete": "boolean",
            "timeShiftBufferDepth": "duration",
            "rangeAccess": "boolean",
        },
        text="uri",
    ),
    "Location": ElementRule(attributes={"serviceLocation": "string"}, text="uri"),
    "PatchLocation": ElementRule(
        attributes={"serviceLocation": "string", "ttl": "double"}, text="uri"
    ),
    "ProgramInformation": ElementRule(
        attributes={"lang": "language", "moreInformationURL": "uri"},
        children=("Title", "Source", "Copyright"),
        once=frozenset({"Title", "Source", "Copyright"}),
    ),
    "Title": _STRING,
    "Source": _STRING,
    "Copyright": _STRING,
    "ServiceDescription": ElementRule(
        attributes={"id": "unsignedInt"},
        children=("Scope", "Latency", "PlaybackRate", "OperatingQuality", "OperatingBandwidth"),
    ),
    "Latency": ElementRule(
        attributes=dict.fromkeys(("referenceId", "target", "max", "min"), "unsignedInt"),
        children=("QualityLatency",),
    ),
    "PlaybackRate": ElementRule(attributes={"max": "double", "min": "double"}),
    "ProducerReferenceTime": ElementRule(
        attributes={
            "id": "unsignedInt",
            "inband": "boolean",
            "type": "referenceTimeType",
            "applicationScheme": "string",
            "wallClockTime": "string",
            "presentationTime": "unsignedLong",
        },
        required=frozenset({"id", "wallClockTime", "presentationTime"}),
        children=("UTCTiming",),
        once=frozenset({"UTCTiming"}),
    ),
    "Resync": ElementRule(
        attributes={
            "type": "resyncType",
            "dT": "unsignedInt",
            "dImax": "double",
            "dImin": "double",
            "marker": "boolean",
        }
    ),
    "Switching": ElementRule(
        attributes={"interval": "unsignedInt", "type": "switchingType"},
        required=frozenset({"interval"}),
    ),
    "RandomAccess": ElementRule(
        attributes={
            "interval": "unsignedInt",
            "type": "randomAccessType",
            "minBufferTime": "duration",
            "bandwidth": "unsignedInt",
        },
        required=frozenset({"interval"}),
    ),
    "EventStream": ElementRule(
        attributes=_EVENT_STREAM_ATTRIBUTES,
        required=frozenset({"schemeIdUri"}),
        children=("Event",),
    ),
    "InbandEventStream": ElementRule(
        attributes=_EVENT_STREAM_ATTRIBUTES, required=frozenset({"schemeIdUri"})
    ),
    "LeapSecondInformation": ElementRule(
        attributes={
            "availabilityStartLeapOffset": "integer",
            "nextAvailabilityStartLeapOffset": "integer",
            "nextLeapChangeTime": "dateTime",
        },
        required=frozenset({"availabilityStartLeapOffset"}),
    ),
    "Label": _LABEL,
    "GroupLabel": _LABEL,
    "Scope": _DESCRIPTOR,
    "UTCTiming": _DESCRIPTOR,
    "Role": _DESCRIPTOR,
    "Rating": _DESCRIPTOR,
    "Viewpoint": _DESCRIPTOR,
    "Accessibility": _DESCRIPTOR,
    "FramePacking": _DESCRIPTOR,
    "AudioChannelConfiguration": _DESCRIPTOR,
    "EssentialProperty": _DESCRIPTOR,
    "SupplementalProperty": _DESCRIPTOR,
    "AssetIdentifier": _DESCRIPTOR,
}
