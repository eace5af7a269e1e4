"""A good MPD of a live show, to be broken in one place at a time."""

from conformance.mpd import Mpd, read_document, read_mpd

URL = "http://host/live/show/manifest.mpd"
GOOD = """<?xml version="1.0" encoding="UTF-8"?>
<!-- a live show -->
<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" xmlns:x="urn:example" x:note="1"
  profiles="urn:mpeg:dash:profile:isoff-live:2011,urn:mpeg:dash:profile:cmaf:2019" type="dynamic"
  availabilityStartTime="2026-11-21T12:00:00Z" publishTime="2026-11-21T12:00:20.5Z"
  minimumUpdatePeriod="PT1S" minBufferTime="PT0.4S" timeShiftBufferDepth="PT16S"
  suggestedPresentationDelay="PT1.5S" maxSegmentDuration="PT2S">
<ServiceDescription id="0"><Latency referenceId="0" target="1500" min="1000" max="3000"/>
<PlaybackRate min="0.96" max="1.04"/></ServiceDescription>
<Period id="p1" start="PT10S">
<AdaptationSet id="1" contentType="video" segmentAlignment="true" startWithSAP="1">
<ProducerReferenceTime id="0" inband="true" type="encoder"
  wallClockTime="2026-11-21T12:00:10Z" presentationTime="900000"/>
<Role schemeIdUri="urn:mpeg:dash:role:2011" value="main"/>
<Representation id="video" mimeType="video/mp4" codecs="avc1.42C00B" bandwidth="400000"
  width="160" height="90" frameRate="30000/1001">
<SegmentTemplate timescale="90000" presentationTimeOffset="900000" availabilityTimeOffset="1.6"
  availabilityTimeComplete="false" startNumber="7" initialization="e/$RepresentationID$/init.mp4"
  media="e/$RepresentationID$/segment-$Number%03d$.m4s">
<SegmentTimeline><S t="900000" d="180000" r="2"/><S d="184500"/></SegmentTimeline>
</SegmentTemplate></Representation></AdaptationSet>
<AdaptationSet id="2" contentType="audio" lang="und" segmentAlignment="true" startWithSAP="1">
<BaseURL>sound/</BaseURL>
<SegmentTemplate timescale="48000" presentationTimeOffset="480000" availabilityTimeOffset="1.6"
  availabilityTimeComplete="false" initialization="init.mp4" media="$Time$.m4s">
<SegmentTimeline><S t="480000" d="96000" r="3"/></SegmentTimeline></SegmentTemplate>
<Representation id="audio" mimeType="audio/mp4" codecs="mp4a.40.2" bandwidth="96000"
  audioSamplingRate="48000"><AudioChannelConfiguration
  schemeIdUri="urn:mpeg:mpegB:cicp:ChannelConfiguration" value="2"/></Representation>
</AdaptationSet></Period>
<UTCTiming schemeIdUri="urn:mpeg:dash:utc:http-xsdate:2014" value="/time"/>
</MPD>
"""


def broken(old: str, new: str) -> str:
    """Replace something of the good MPD, which must be there."""
    assert old in GOOD, old
    return GOOD.replace(old, new)


def mpd(text: str = GOOD) -> Mpd:
    return read_mpd(URL, read_document(text.encode()))
