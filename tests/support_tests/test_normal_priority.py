"""Nothing that tests start may take the machine for itself."""

import os
import subprocess
import sys

from ingest.media import Codec
from tests.support.rtmp_publisher.coded_track import VideoSettings, encode_video

ASK = "import os; print(os.sched_getscheduler(0))"


def test_encoding_av1_makes_neither_this_process_nor_those_it_starts_real_time() -> None:
    encode_video(VideoSettings(codec=Codec.AV1, duration_s=0.2))

    assert os.sched_getscheduler(0) == os.SCHED_OTHER
    asked = subprocess.run([sys.executable, "-c", ASK], check=True, capture_output=True, text=True)
    assert int(asked.stdout) == os.SCHED_OTHER
