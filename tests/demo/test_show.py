import re
import subprocess
import threading
from array import array
from itertools import pairwise
from pathlib import Path

import av
import pytest
from PIL import Image

from demo import DemoError, DemoPublisher, DemoShow, PictureSize
from demo.picture import CLOCK_BITS, TestCard
from demo.tone import SAMPLE_RATE_HZ, Tone, one_second
from tests.support.port import free_port


def read_clock(image: Image.Image) -> int:
    width, height = image.size
    bits = 0
    for bit in range(CLOCK_BITS):
        pixel = image.convert("L").getpixel((int((bit + 0.5) * width / CLOCK_BITS), height - 3))
        assert isinstance(pixel, int)
        bits = bits << 1 | (pixel > 127)
    return bits


@pytest.mark.parametrize("size", ["320x180", "1280x720", "1920x1080"])
def test_a_picture_tells_a_program_when_it_was_drawn(size: str) -> None:
    card = TestCard(PictureSize.parse(size), "caption")
    for unix_ms in (0, 1_795_000_000_123, 2**48 - 1 >> 1):
        assert read_clock(card.draw(7, unix_ms % 4_000_000_000_000)) == unix_ms % 4_000_000_000_000


def test_pictures_of_one_card_do_not_disturb_each_other() -> None:
    card = TestCard(PictureSize(640, 360), "caption")
    first = card.draw(1, 1_795_000_000_050)
    card.draw(2, 1_795_000_000_950)
    assert card.draw(1, 1_795_000_000_050).tobytes() == first.tobytes()


@pytest.mark.parametrize("text", ["1280", "1280x", "axb", "1281x720", "100x100", "9000x9000", ""])
def test_a_size_that_cannot_be_encoded_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="picture size: expected"):
        PictureSize.parse(text)


def test_the_tone_loops_without_a_click() -> None:
    levels = array("h", one_second())
    left = levels[::2]
    assert len(left) == SAMPLE_RATE_HZ
    assert left == levels[1::2]
    assert abs(left[0] - left[-1]) < 600
    assert max(left) < 20_000
    tone = Tone()
    assert tone.samples(SAMPLE_RATE_HZ - 10, 20) == tone.samples(0, SAMPLE_RATE_HZ)[-40:] + (
        tone.samples(0, 10)
    )


@pytest.mark.real
def test_a_server_receives_the_show_and_decodes_it(tmp_path: Path) -> None:
    port, file = free_port(), tmp_path / "show.flv"
    source = ["-listen", "1", "-i", f"rtmp://127.0.0.1:{port}/live/key"]
    server = subprocess.Popen(
        ["ffmpeg", "-v", "error", *source, "-c", "copy", str(file)], stderr=subprocess.DEVNULL
    )
    show = DemoShow(size=PictureSize(320, 180), duration_s=2)

    def publish() -> None:
        for _ in range(50):  # until ffmpeg listens
            try:
                DemoPublisher(f"rtmp://127.0.0.1:{port}/live", "key", show).run()
            except DemoError as error:
                if "refused" not in str(error):
                    return
                threading.Event().wait(0.1)
            else:
                return

    publish()
    server.wait(20)
    with av.open(str(file)) as container:
        pictures = list(container.decode(container.streams.video[0]))
    with av.open(str(file)) as container:
        sounds = list(container.decode(container.streams.audio[0]))
    assert len(pictures) >= 30
    assert len(sounds) >= 60
    # PyAV leaves its bridge to Pillow untyped.
    clocks = [read_clock(picture.to_image()) for picture in pictures]  # type: ignore[no-untyped-call]
    assert all(30 <= later - earlier <= 40 for earlier, later in pairwise(clocks))


def test_an_unreachable_server_is_explained_without_the_key() -> None:
    url = f"rtmp://127.0.0.1:{free_port()}/live"
    with pytest.raises(DemoError, match="refused") as caught:
        DemoPublisher(url, "top-secret", DemoShow()).run()
    assert re.search("top-secret", str(caught.value)) is None
