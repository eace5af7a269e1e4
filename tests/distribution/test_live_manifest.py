"""The DASH manifest over real HTTP: when there is one, and how it may be kept."""

import asyncio
import gzip
import re
import xml.etree.ElementTree as ET
from datetime import datetime

from packager.live import Publication, WindowSettings
from tests.distribution.conftest import Serve
from tests.distribution.show import Show

MANIFEST = "/live/ada/manifest.mpd"


async def test_manifest_is_typed_compressed_and_kept_for_a_second(serve: Serve) -> None:
    show = Show()
    show.add_segments(3)
    served = await serve(show)
    response, text = await served.get(MANIFEST)
    assert response.status == 200
    assert response.headers["Content-Type"] == "application/dash+xml"
    assert response.headers["Cache-Control"] == "public, max-age=1"
    assert response.headers["Vary"] == "Accept-Encoding"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert ET.fromstring(text).get("type") == "dynamic"  # noqa: S314 - our own text
    response, packed = await served.get(MANIFEST, Accept_Encoding="gzip")
    assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed) == text


async def test_everything_that_the_manifest_names_is_there(serve: Serve) -> None:
    show = Show()
    show.add_segments(3)
    served = await serve(show)
    _, text = await served.get(MANIFEST)
    base = MANIFEST.rsplit("/", 1)[0]
    root = ET.fromstring(text)  # noqa: S314 - our own text
    templates = list(root.iter("{urn:mpeg:dash:schema:mpd:2011}SegmentTemplate"))
    assert len(templates) == 2
    for template, rendition in zip(templates, ("video", "audio"), strict=True):
        _, init = await served.get(f"{base}/{template.attrib['initialization']}")
        assert init == show.init_body(rendition)
        for msn in (1, 2, 3):
            media = template.attrib["media"].replace("$Number$", str(msn))
            _, body = await served.get(f"{base}/{media}")
            assert body == show.segment_body(rendition, msn)
    (clock,) = root.findall("{urn:mpeg:dash:schema:mpd:2011}UTCTiming")
    response, now = await served.get(resolved(MANIFEST, clock.attrib["value"]))
    assert response.status == 200
    assert datetime.fromisoformat(now.decode().strip()).tzinfo is not None


def resolved(of: str, relative: str) -> str:
    """Resolve a relative reference as RFC 3986, 5.2 says."""
    folders = of.split("/")[:-1]
    for step in relative.split("/"):
        if step == "..":
            folders.pop()
        else:
            folders.append(step)
    return "/".join(folders)


async def test_manifest_of_a_show_that_begins_comes_with_its_first_segment(serve: Serve) -> None:
    show = Show()
    served = await serve(show)
    asking = [asyncio.create_task(served.get(MANIFEST)) for _ in range(20)]
    await served.blocked(20)
    show.add_segments(1)
    for task in asking:
        response, _ = await task
        assert response.status == 200


async def test_manifest_of_a_show_without_tracks_is_to_come(serve: Serve) -> None:
    served = await serve()
    served.publications.open(Publication("ada", "e1", 1_790_000_000_000, WindowSettings()))
    response, _ = await served.get(MANIFEST)
    assert response.status == 503
    assert response.headers["Retry-After"] == "1"


async def test_manifest_of_nobody_is_not_there(serve: Serve) -> None:
    served = await serve()
    response, _ = await served.get(MANIFEST)
    assert response.status == 404


async def test_manifest_is_rendered_once_for_all_who_ask(serve: Serve) -> None:
    show = Show()
    show.add_segments(3)
    served = await serve(show)
    await served.get(MANIFEST)
    rendered = show.publication.manifest()
    await served.get(MANIFEST)
    assert show.publication.manifest() is rendered
    show.add_segments(1)
    assert show.publication.manifest() is not rendered


async def test_manifest_of_an_ended_show_is_static(serve: Serve) -> None:
    show = Show()
    show.add_segments(2)
    served = await serve(show)
    show.publication.end()
    _, text = await served.get(MANIFEST)
    assert ET.fromstring(text).get("type") == "static"  # noqa: S314 - our own text


async def test_ended_show_is_a_recording_but_for_those_who_follow_it(serve: Serve) -> None:
    show = Show()
    show.add_segments(3)
    served = await serve(show)
    _, live = await served.get(MANIFEST)
    location = re.search(rb"<Location>manifest\.mpd(\?show=e1)</Location>", live)
    assert location is not None
    followed = MANIFEST + location[1].decode()
    # Who follows asks again where he asked, whatever else stands in that address.
    assert (await served.get(followed))[1] == live.replace(location[0] + b"\n", b"")
    show.publication.end()
    start = re.search(rb'<Period id="e1-p1" start="[^"]+"', live)
    assert start is not None
    _, recording = await served.get(MANIFEST)
    _, end = await served.get(followed)
    for body in (recording, end):
        assert b'type="static"' in body
    assert start[0] in end
    assert b'<Period id="e1-p1" start="PT0.000S"' in recording
