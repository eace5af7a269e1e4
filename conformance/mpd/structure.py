"""Structure: an MPD held against DASH's schema, and what else ISO/IEC 23009-1 5.3 asks of it.

Each fault is a sentence that begins with the place in the document.
"""

import re
from collections import Counter
from collections.abc import Iterator

from conformance.mpd.element_rules import ELEMENT_RULES, ElementRule
from conformance.mpd.lexical import is_of_type
from conformance.mpd.node import Node

_TEMPLATE_FIELD = re.compile(r"\$(?:(RepresentationID)|(Number|Bandwidth|Time)(%0\d+d)?)?\$")


def schema_faults(root: Node) -> Iterator[str]:
    """Name what the schema does not allow in an element and in all below it."""
    rule = ELEMENT_RULES.get(root.name)
    if rule is not None:
        yield from _attribute_faults(root, rule)
        yield from _child_faults(root, rule)
        if rule.text is None and root.text:
            yield f"{root.path}: expected no text, got {root.text[:60]!r}"
        elif rule.text is not None and not is_of_type(root.text, rule.text):
            yield f"{root.path}: expected text of type {rule.text}, got {root.text[:60]!r}"
    for child in root.children:
        yield from schema_faults(child)


def _attribute_faults(node: Node, rule: ElementRule) -> Iterator[str]:
    for name in sorted(rule.required - set(node.attributes)):
        yield f"{node.path}: expected the attribute {name}, got none"
    for name, value in node.attributes.items():
        if name.startswith("{"):
            continue
        of_type = rule.attributes.get(name)
        if of_type is None:
            yield f"{node.path}: expected no attribute {name}, got {value[:60]!r}"
        elif not is_of_type(value, of_type):
            yield f"{node.path}: expected {name} of type {of_type}, got {value[:60]!r}"


def _child_faults(node: Node, rule: ElementRule) -> Iterator[str]:
    places = {name: place for place, name in enumerate(rule.children)}
    counted: Counter[str] = Counter()
    last, last_name = -1, ""
    for child in node.children:
        if child.name.startswith("{"):
            continue
        place = places.get(child.name)
        if place is None:
            yield f"{node.path}: expected no element {child.name}, got {child.path}"
            continue
        counted[child.name] += 1
        if place < last:
            yield f"{node.path}: expected {child.name} before {last_name}, got it after"
        else:
            last, last_name = place, child.name
        if counted[child.name] == 2 and child.name in rule.once:
            yield f"{node.path}: expected one {child.name} at most, got more"
    for name in sorted(rule.needs - set(counted)):
        yield f"{node.path}: expected a {name}, got none"


def presentation_faults(root: Node) -> Iterator[str]:
    """Name what breaks rules that the schema cannot say, on a document without schema faults."""
    is_dynamic = root.attributes.get("type") == "dynamic"
    if is_dynamic:
        for name in ("availabilityStartTime", "publishTime"):
            if name not in root.attributes:
                yield f"{root.path}: dynamic: expected the attribute {name}, got none"
        # Without either the presentation would have no known end and no news of one (5.3.1.2).
        if not {"mediaPresentationDuration", "minimumUpdatePeriod"} & set(root.attributes):
            yield f"{root.path}: expected mediaPresentationDuration or minimumUpdatePeriod"
    else:
        for name in ("minimumUpdatePeriod", "timeShiftBufferDepth"):
            if name in root.attributes:
                yield f"{root.path}: static: expected no attribute {name}, got one"
        if "mediaPresentationDuration" not in root.attributes and not any(
            "duration" in period.attributes for period in root.all("Period")
        ):
            yield f"{root.path}: static: expected mediaPresentationDuration, got none"
    periods = list(root.all("Period"))
    yield from _repeats("Period", "id", periods)
    for period in periods:
        # "In case the MPD is dynamic, @id shall be present" (5.3.2.2).
        if is_dynamic and "id" not in period.attributes:
            yield f"{period.path}: dynamic: expected the attribute id, got none"
        yield from _period_faults(period)


def _period_faults(period: Node) -> Iterator[str]:
    sets = list(period.all("AdaptationSet"))
    yield from _repeats("AdaptationSet", "id", sets)
    yield from _repeats(
        "Representation", "id", [each for one in sets for each in one.all("Representation")]
    )
    for adaptation_set in sets:
        own = list(adaptation_set.all("Representation"))
        if not own:
            yield f"{adaptation_set.path}: expected a Representation, got none"
        for representation in own:
            attributes = {**adaptation_set.attributes, **representation.attributes}
            yield from (
                f"{representation.path}: expected {name} there or in its AdaptationSet, got none"
                for name in ("mimeType", "codecs")
                if name not in attributes
            )
            templates = [
                found
                for level in (period, adaptation_set, representation)
                if (found := level.first("SegmentTemplate")) is not None
            ]
            yield from _template_faults(representation, templates)


def _template_faults(representation: Node, templates: list[Node]) -> Iterator[str]:
    if not templates:
        return
    merged: dict[str, str] = {}
    for template in templates:
        merged |= template.attributes
    has_timeline = any(template.first("SegmentTimeline") for template in templates)
    if has_timeline == ("duration" in merged):
        yield (
            f"{representation.path}: expected a SegmentTemplate with either duration or a "
            f"SegmentTimeline, got {'both' if has_timeline else 'neither'}"
        )
    for name in ("media", "initialization"):
        if name not in merged:
            yield f"{representation.path}: expected a SegmentTemplate with {name}, got none"
            continue
        fields = [match[2] for match in _TEMPLATE_FIELD.finditer(merged[name])]
        if "$" in _TEMPLATE_FIELD.sub("", merged[name]):
            yield f"{representation.path}: expected fields like $Number$, got {merged[name]!r}"
        elif name == "media" and ("Number" in fields) == ("Time" in fields):
            yield f"{representation.path}: expected $Number$ or $Time$ in {merged[name]!r}"
    for template in templates:
        for timeline in template.all("SegmentTimeline"):
            yield from _timeline_faults(timeline)


def _timeline_faults(timeline: Node) -> Iterator[str]:
    end = 0
    for entry in timeline.all("S"):
        start = int(entry.attributes.get("t", end))
        duration, repeats = int(entry.attributes["d"]), int(entry.attributes.get("r", "0"))
        if duration == 0:
            yield f"{entry.path}: expected d above 0, got 0"
        if start < end:
            yield f"{entry.path}: expected t of {end} or more, got {start}"
        end = start + duration * (max(0, repeats) + 1)


def _repeats(name: str, attribute: str, nodes: list[Node]) -> Iterator[str]:
    counted = Counter(node.attributes.get(attribute) for node in nodes)
    for value, count in counted.items():
        if value is not None and count > 1:
            yield f"{name}: expected each {attribute} once, got {value!r} {count} times"
