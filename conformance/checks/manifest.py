"""An MPD and its successors: schema, offsets, service, delivery (3, 56 to 58, 72, 74, 76, 77)."""

from collections.abc import Iterator

from conformance.check import Check
from conformance.checks.delivery import GZIP_WORTH_BYTES, check_cors
from conformance.exchange import Exchange
from conformance.finding import Finding, error, warning
from conformance.mpd import Mpd, Node, presentation_faults, schema_faults

_TYPE = "application/dash+xml"
FAULTS_TOLD = 20  # a document that is none at all would have thousands


def check_structure(url: str, root: Node) -> Iterator[Finding]:
    """Hold a document against the schema, and if that is kept against what it cannot say."""
    faults = list(schema_faults(root)) or list(presentation_faults(root))
    for fault in faults[:FAULTS_TOLD]:
        yield error(Check.MPD_VALID, url, fault)


def check_manifest_delivery(exchange: Exchange, minimum_update_us: int | None) -> Iterator[Finding]:
    """Hold the headers of an MPD's answer against what players and caches need."""
    yield from check_cors(exchange)
    content_type = exchange.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != _TYPE:
        yield error(
            Check.PLAYLIST_TYPE_HEADER,
            exchange.url,
            f"expected {_TYPE}, got {content_type or 'no Content-Type'}",
        )
    encoding = exchange.headers.get("content-encoding")
    if encoding != "gzip" and len(exchange.body) > GZIP_WORTH_BYTES:
        yield warning(
            Check.GZIP,
            exchange.url,
            f"expected gzip for {len(exchange.body)} bytes of MPD, got {encoding}",
        )
    if minimum_update_us is None:
        return
    limit_s = max(1, minimum_update_us // 1_000_000)
    age_s = exchange.max_age_s
    if age_s is None or age_s > limit_s:
        yield error(
            Check.CACHING,
            exchange.url,
            f"expected max-age of at most {limit_s} s, got "
            f"{exchange.headers.get('cache-control', 'no Cache-Control')}",
        )


def check_offsets(url: str, mpd: Mpd) -> Iterator[Finding]:
    """Expect that each Representation of a dynamic MPD can be asked for while it grows.

    Shaka takes the least offset of all: one Representation without makes the whole show late.
    """
    if not mpd.is_dynamic:
        return
    offered = [each.template.has_offset for _, each in mpd.all_representations()]
    for _, representation in mpd.all_representations():
        template = representation.template
        if not template.has_offset:
            find = error if any(offered) else warning
            yield find(
                Check.AVAILABILITY_OFFSET,
                url,
                f"{representation.path}: expected availabilityTimeOffset, got none",
            )
            continue
        longest = max((each.duration for each in template.segments), default=0)
        longest_us = (template.duration or longest) * 1_000_000 // template.timescale
        if template.offset_us is not None and template.offset_us <= 0:
            yield error(
                Check.AVAILABILITY_OFFSET,
                url,
                f"{representation.path}: expected availabilityTimeOffset above 0, "
                f"got {template.offset_us / 1_000_000} s",
            )
        elif template.offset_us is not None and longest_us and template.offset_us > longest_us:
            # With a timeline durations vary, and who asks too early is held; without, nobody is.
            find = warning if template.duration is None else error
            yield find(
                Check.AVAILABILITY_OFFSET,
                url,
                f"{representation.path}: expected availabilityTimeOffset below the segments' "
                f"{longest_us / 1_000_000:.3f} s, got {template.offset_us / 1_000_000:.3f} s",
            )
        # dash.js goes by this attribute alone.
        if template.is_time_complete is not False:
            yield error(
                Check.AVAILABILITY_OFFSET,
                url,
                f"{representation.path}: expected availabilityTimeComplete=false, got none",
            )


def check_service(url: str, mpd: Mpd) -> Iterator[Finding]:
    """Expect that the service says how far behind live and how fast players may play."""
    if not mpd.is_dynamic:
        return
    is_early = any(each.template.has_offset for _, each in mpd.all_representations())
    latencies = [each for one in mpd.service_descriptions for each in one.latencies]
    if not any(latency.target_ms for latency in latencies):
        find = error if is_early else warning
        yield find(
            Check.SERVICE_DESCRIPTION, url, "expected ServiceDescription with Latency@target"
        )
    for latency in latencies:
        low_ms, target_ms, high_ms = latency.min_ms, latency.target_ms, latency.max_ms
        rising = [each for each in (low_ms, target_ms, high_ms) if each is not None]
        if rising != sorted(rising):
            yield error(
                Check.SERVICE_DESCRIPTION,
                url,
                f"Latency: expected min, target, max to rise, got {low_ms}, {target_ms}, {high_ms}",
            )
        reference_ids = {
            time.reference_id
            for _, representation in mpd.all_representations()
            for time in representation.reference_times
        }
        if latency.reference_id is not None and latency.reference_id not in reference_ids:
            yield error(
                Check.SERVICE_DESCRIPTION,
                url,
                f"Latency@referenceId: expected the id of a ProducerReferenceTime, got "
                f"{latency.reference_id}",
            )
    for rate in (each for one in mpd.service_descriptions for each in one.playback_rates):
        low, high = rate.min_rate or 1, rate.max_rate or 1
        if not 0 < low <= 1 <= high:
            yield error(
                Check.SERVICE_DESCRIPTION,
                url,
                f"PlaybackRate: expected min up to 1 and max from 1 on, got {low} and {high}",
            )
    if mpd.suggested_delay_us is None:
        # Shaka knows no other place for it.
        yield warning(
            Check.SERVICE_DESCRIPTION, url, "expected suggestedPresentationDelay, got none"
        )


def check_succession(url: str, previous: Mpd, current: Mpd) -> Iterator[Finding]:
    """Hold an MPD against the one that was read before it (ISO/IEC 23009-1 5.4.1)."""
    if not current.is_dynamic and previous.is_dynamic:
        return  # the show has ended: its description is another one now
    if current.availability_start_us != previous.availability_start_us:
        yield error(
            Check.MPD_VALID,
            url,
            "expected availabilityStartTime to stay, got another "
            f"({(current.availability_start_us - previous.availability_start_us) / 1e6:+.3f} s)",
        )
    if (current.publish_us or 0) < (previous.publish_us or 0):
        yield error(Check.MPD_VALID, url, "expected publishTime not to fall back, got an older one")
    known = {period.id: period for period in previous.periods if period.id}
    for period in current.periods:
        before = known.get(period.id)
        if before is None:
            continue
        if before.start_us != period.start_us:
            yield error(
                Check.MPD_VALID,
                url,
                f"Period {period.id}: expected start to stay {before.start_us / 1e6} s, "
                f"got {period.start_us / 1e6} s",
            )
        ids = [each.id for each in before.representations]
        if ids != [each.id for each in period.representations]:
            yield error(
                Check.MPD_VALID,
                url,
                f"Period {period.id}: expected the Representations {' '.join(ids)} to stay, got "
                f"{' '.join(each.id for each in period.representations)}",
            )
            continue
        for old, new in zip(before.representations, period.representations, strict=True):
            fields = (
                ("codecs", old.codecs, new.codecs),
                ("initialization", old.template.initialization, new.template.initialization),
                ("timescale", old.template.timescale, new.template.timescale),
                (
                    "presentationTimeOffset",
                    old.template.presentation_time_offset,
                    new.template.presentation_time_offset,
                ),
            )
            for name, expected, got in fields:
                if expected != got:
                    yield error(
                        Check.MPD_VALID,
                        url,
                        f"Period {period.id}, {new.id}: expected {name} {expected}, got {got}",
                    )
