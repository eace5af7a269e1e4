"""Stretch: segments without a break between them, which an MPD shows as one Period."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from packager.cadence import Cadence
from packager.dash.listing import Listing
from packager.dash.manifest import Period, Representation
from packager.dash.rendition_spans import RenditionSpans
from packager.dash.segment_span import SegmentSpan
from packager.segmenter.change import SegmentOpened


@dataclass(slots=True)
class Stretch:
    """A Period to be, and how much of it was shown already.

    `anchor` is one moment of the stretch: seconds of the media timeline and milliseconds since
    1970. It is known from the first part on. `early_ms` is how long before its end a segment may
    be asked for, once that was said; `bandwidths_bps` has the renditions that were named then, and
    no others are named later.
    """

    first_msn: int
    anchor: tuple[Fraction, int] | None = None
    early_ms: int | None = None
    bandwidths_bps: dict[str, int] = field(default_factory=dict)
    _listings: dict[str, Listing] = field(default_factory=dict)
    _finished: Period | None = None  # the Period as it stays while nothing of it leaves the window

    def is_closed_to(self, change: SegmentOpened) -> bool:
        """Whether a rendition comes too late: a Period keeps its set of them."""
        if change.msn > self.first_msn:
            return True
        return bool(self.bandwidths_bps) and change.rendition not in self.bandwidths_bps

    def end_before(self, msn: int) -> None:
        """Take note that what begins with this segment is another stretch."""
        self._listings = {
            name: listing for name, listing in self._listings.items() if not listing.has_taken(msn)
        }

    def date_by(self, span: SegmentSpan) -> bool:
        """Date the stretch by the first of its segments that has media; tell whether it was not."""
        if self.anchor is not None or span.start_ticks is None:
            return False
        self.anchor = (Fraction(span.start_ticks, span.timescale), span.start_unix_ms)
        return True

    def period(
        self,
        renditions: Mapping[str, RenditionSpans],
        end_msn: int | None,
        cadence: Cadence,
        peak_bps: Mapping[str, int],
        *,
        has_next: bool,
    ) -> Period | None:
        """Show the stretch, which ends before `end_msn`; None until players can use it.

        The very same Period as long as nothing can change in it.
        """
        if self.anchor is None:
            return None
        names = list(self.bandwidths_bps) or [
            name
            for name, rendition in renditions.items()
            if rendition.first_msn is not None and rendition.first_msn <= self.first_msn
        ]
        finished = self._finished
        if finished is not None and all(
            _is_whole(shown, renditions[shown.name]) for shown in finished.representations
        ):
            return finished
        representations = []
        for name in names:
            shown = self._representation(
                name, renditions[name], end_msn, peak_bps[name], has_next=has_next
            )
            if shown is None:
                return None  # players want all tracks of a period when it begins
            representations.append(shown)
        if not representations:
            return None
        self.bandwidths_bps = {each.name: each.bandwidth_bps for each in representations}
        if self.early_ms is None:
            # If the next segments are longer players come later than they could, if they are
            # shorter they are made to wait. Never 0, even if a part is a whole segment: players
            # look here for low latency.
            expected_ms = min(
                renditions[each.name].expected_ms(cadence) for each in representations
            )
            self.early_ms = max(expected_ms - cadence.part_target_ms, 1)
        period = Period(
            period_id=f"p{self.first_msn}",
            start_unix_ms=self.anchor[1],
            early_ms=self.early_ms,
            representations=tuple(representations),
        )
        is_finished = all(self._listings[name].is_finished for name in names)
        self._finished = period if is_finished else None
        return period

    def _representation(
        self,
        name: str,
        rendition: RenditionSpans,
        end_msn: int | None,
        peak_bps: int,
        *,
        has_next: bool,
    ) -> Representation | None:
        listing = self._listings.get(name) or self._begin_listing(name, rendition, end_msn)
        if listing is None or self.anchor is None:
            return None
        listing.update(rendition, end_msn)
        times = listing.listed(has_next=has_next)
        if times is None:
            return None
        return Representation(
            name=name,
            track=listing.track,
            codecs=listing.codecs,
            bandwidth_bps=self.bandwidths_bps.get(name, peak_bps),
            init_number=listing.init_number,
            presentation_offset_ticks=round(self.anchor[0] * listing.track.timescale),
            start_number=listing.start_number,
            times=times,
            starts_with_sync=listing.starts_with_sync,
        )

    def _begin_listing(
        self, name: str, rendition: RenditionSpans, end_msn: int | None
    ) -> Listing | None:
        for span in rendition.spans:
            if span.msn >= self.first_msn:
                if end_msn is not None and span.msn >= end_msn:
                    return None
                track = rendition.tracks[span.init_number]
                listing = self._listings[name] = Listing(span.msn, span.init_number, track)
                return listing
        return None


def _is_whole(shown: Representation, rendition: RenditionSpans) -> bool:
    """Whether all of its segments are in the window still."""
    return rendition.oldest is None or rendition.oldest.msn <= shown.start_number
