"""Codec strings and bytes as a browser's MediaSource takes them."""

import base64
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, sync_playwright

from ingest.media import Codec
from packager.cmaf import codec_string, mime_type, write_init
from tests.packager.cmaf.coded_media import CodedMedia, coded_audio, coded_video
from tests.support.rtmp_publisher.coded_track import AudioSettings, VideoSettings
from tests.web.chromium import CHROMIUM, FLAGS

# A Chromium without proprietary extras plays neither HEVC in software nor Dolby.
PLAYED_BY_CHROMIUM = (Codec.AVC, Codec.AV1, Codec.VP9, Codec.AAC, Codec.OPUS, Codec.FLAC)
APPEND = """async ([type, init, fragments]) => {
    const bytes = text => Uint8Array.from(atob(text), letter => letter.charCodeAt(0))
    const element = document.createElement("video")
    const source = new MediaSource()
    element.src = URL.createObjectURL(source)
    await new Promise(resolve => source.onsourceopen = resolve)
    const buffer = source.addSourceBuffer(type)
    for (const text of [init, ...fragments]) {
        await new Promise((resolve, reject) => {
            buffer.onupdateend = resolve
            buffer.onerror = () => reject(new Error(element.error?.message ?? "refused"))
            buffer.appendBuffer(bytes(text))
        })
    }
    const ranges = []
    for (let index = 0; index < buffer.buffered.length; index++)
        ranges.push([buffer.buffered.start(index), buffer.buffered.end(index)])
    await new Promise((resolve, reject) => {
        element.onseeked = resolve
        element.onerror = () => reject(new Error(element.error.message))
        element.currentTime = (ranges[0][0] + ranges[0][1]) / 2
    })
    return {ranges, width: element.videoWidth, hasDecoded: element.readyState >= 2}
}"""

# One browser at a time: two would starve each other on a small machine.
pytestmark = [pytest.mark.real, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    playwright = sync_playwright().start()
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield browser.new_page()
    browser.close()
    playwright.stop()


def _media(codec: Codec) -> CodedMedia:
    if codec in {Codec.AVC, Codec.AV1, Codec.VP9}:
        return coded_video(VideoSettings(codec=codec, b_frames=2))
    return coded_audio(AudioSettings(codec=codec))


def _buffer_and_decode(page: Page, media: CodedMedia) -> None:
    """Append all; fail unless one range covers exactly the media and a picture amid it decodes."""
    content_type = f'{mime_type(media.track)}; codecs="{codec_string(media.track)}"'
    assert page.evaluate("type => MediaSource.isTypeSupported(type)", content_type)
    encoded = [base64.b64encode(part).decode() for part in media.fragments(samples_each=10)]
    init = base64.b64encode(write_init(media.track)).decode()
    result = page.evaluate(APPEND, [content_type, init, encoded])

    ((start_s, end_s),) = result["ranges"]
    timescale = media.track.timescale
    times = media.presentation_times()
    last_duration = media.samples[-1].duration_ticks
    assert start_s == pytest.approx(min(times) / timescale, abs=0.002)
    assert end_s == pytest.approx((max(times) + last_duration) / timescale, abs=0.002)
    assert result["hasDecoded"]
    if media.track.video is not None:
        assert result["width"] == media.track.video.width_px


@pytest.mark.parametrize("codec", PLAYED_BY_CHROMIUM, ids=lambda codec: codec.name)
def test_chromium_buffers_all_fragments_without_a_hole(page: Page, codec: Codec) -> None:
    _buffer_and_decode(page, _media(codec))


def test_chromium_obeys_signed_composition_offsets(page: Page) -> None:
    _buffer_and_decode(page, _media(Codec.AVC).with_signed_offsets())
