"""Pictures from strangers: whole, broken, huge, or something else."""

import asyncio
import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from accounts.images import (
    AVATAR,
    PICTURE_BYTES,
    PictureError,
    PictureFolder,
    PicturesBusyError,
    picture_file,
)
from accounts.images.picture import make_pictures
from accounts.images.webp_size import webp_size
from tests.accounts.channels.world import any_revision
from tests.accounts.people.browser import ServedPeople
from tests.accounts.people.world import PeopleWorld

EXIF_ORIENTATION = 0x0112
EXIF_GPS = 0x8825


def encoded(form: str, size: tuple[int, int] = (300, 200), mode: str = "RGB") -> bytes:
    file = io.BytesIO()
    picture = Image.new(mode, size)
    if mode in {"RGB", "RGBA"}:
        ImageDraw.Draw(picture).rectangle((0, 0, size[0] // 2, size[1]), fill="red")
    picture.save(file, form)
    return file.getvalue()


def png(*chunks: tuple[bytes, bytes]) -> bytes:
    content = b"\x89PNG\r\n\x1a\n"
    for kind, body in chunks:
        checked = kind + body
        content += struct.pack(">I", len(body)) + checked + struct.pack(">I", zlib.crc32(checked))
    return content


def png_bomb(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1_000_000, 9)
    return png((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))


def webp_canvas(kind: bytes, header: bytes) -> bytes:
    body = b"WEBP" + kind + struct.pack("<I", len(header)) + header
    return b"RIFF" + struct.pack("<I", len(body)) + body


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
@pytest.mark.parametrize("size", [(300, 200), (1, 1), (1, 900), (4000, 3)])
def test_every_kind_becomes_webp_in_our_sizes(form: str, size: tuple[int, int]) -> None:
    made = make_pictures(encoded(form, size), AVATAR)
    assert list(made) == [64, 256]
    for width, content in made.items():
        with Image.open(io.BytesIO(content)) as picture:
            picture.load()
            assert (picture.format, picture.size) == ("WEBP", (width, width))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_colour_mode_is_taken(mode: str) -> None:
    assert make_pictures(encoded("PNG", (40, 40), mode), AVATAR)


def test_where_a_picture_was_taken_is_not_kept() -> None:
    file = io.BytesIO()
    picture = Image.new("RGB", (80, 40), "red")
    exif = Image.Exif()
    exif[EXIF_ORIENTATION] = 6
    exif.get_ifd(EXIF_GPS)[2] = (48.0, 8.0, 0.0)
    exif[0x010E] = "the secret place"
    picture.save(file, "JPEG", exif=exif, comment=b"the secret place", icc_profile=b"profile")
    assert b"secret place" in file.getvalue()
    for content in make_pictures(file.getvalue(), AVATAR).values():
        assert b"secret place" not in content
        with Image.open(io.BytesIO(content)) as made:
            assert len(made.getexif()) == 0
            assert "icc_profile" not in made.info
            assert "exif" not in made.info


def test_a_picture_is_turned_upright() -> None:
    file = io.BytesIO()
    picture = Image.new("RGB", (200, 200), "white")
    ImageDraw.Draw(picture).rectangle((0, 0, 200, 100), fill="red")  # the upper half
    exif = Image.Exif()
    exif[EXIF_ORIENTATION] = 3  # upside down
    picture.save(file, "PNG", exif=exif)
    with Image.open(io.BytesIO(make_pictures(file.getvalue(), AVATAR)[64])) as made:
        upper, lower = made.convert("RGB").getpixel((32, 8)), made.convert("RGB").getpixel((32, 56))
    assert upper == (255, 255, 255)
    assert isinstance(lower, tuple)
    assert lower[0] > 240
    assert lower[1] < 15


def test_a_file_hidden_behind_a_picture_does_not_survive() -> None:
    hidden = b"<script>alert(1)</script>PK\x03\x04"
    for content in make_pictures(encoded("PNG") + hidden, AVATAR).values():
        assert b"script" not in content
        assert content.startswith(b"RIFF")


BROKEN = {
    "nothing": b"",
    "text": b"hello",
    "SVG": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "HTML": b"<!doctype html><script>alert(1)</script>",
    "a ZIP file": b"PK\x03\x04" + b"\0" * 100,
    "a BMP": encoded("BMP"),
    "a TIFF": encoded("TIFF"),
    "an icon": encoded("ICO", (32, 32)),
    "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n(%pipe%id) (r) file\n",
    "half a PNG": encoded("PNG", (900, 900))[:400],
    "half a JPEG": encoded("JPEG")[:300],
    "half a WebP": encoded("WEBP")[:100],
    "a PNG of 30,000 x 30,000": png_bomb(30_000, 30_000),
    "a PNG of 12,001 x 1": png_bomb(12_001, 1),
    "a PNG of 3,000 x 3,000": png_bomb(3_000, 3_000),
    "a JPEG of 4,100 x 4,000": encoded("JPEG", (4_100, 4_000)),
    "a WebP of 3,000 x 3,000": encoded("WEBP", (3_000, 3_000), "L"),
    "a lossless WebP of 16,383 x 16,383": webp_canvas(b"VP8L", b"\x2f\xfe\xbf\xff\x0f" + bytes(5)),
    "a moving WebP of 16,384 x 16,384": webp_canvas(b"VP8X", b"\2\0\0\0" + b"\xff\x3f\0" * 2),
    "a PNG of 2**31 x 2**31": png_bomb(2**31 - 1, 2**31 - 1),
    "a PNG of 0 x 0": png_bomb(0, 0),
    "a GIF of 65,535 x 65,535": b"GIF89a" + struct.pack("<HH", 65_535, 65_535) + b"\0" * 20,
    "a text bomb": png(
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)),
        (b"zTXt", b"a\0\0" + zlib.compress(b"\0" * 50_000_000, 9)),
        (b"IDAT", zlib.compress(b"\0" * 4)),
        (b"IEND", b""),
    ),
    "too many bytes": encoded("PNG") + b"\0" * PICTURE_BYTES,
}


@pytest.mark.parametrize("kind", BROKEN)
def test_what_is_no_fit_picture_is_refused(kind: str) -> None:
    with pytest.raises(PictureError) as caught:
        make_pictures(BROKEN[kind], AVATAR)
    assert str(caught.value).startswith("expected")
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("options", [{}, {"lossless": True}, {"exif": b"Exif\0\0"}])
@pytest.mark.parametrize("size", [(1, 1), (300, 200), (16_383, 2)])
def test_the_size_of_a_webp_is_read_from_its_header(
    size: tuple[int, int], options: dict[str, Any]
) -> None:
    file = io.BytesIO()
    Image.new("RGB", size).save(file, "WEBP", **options)
    assert webp_size(file.getvalue()) == size


@pytest.mark.parametrize("content", [b"", encoded("PNG"), webp_canvas(b"VP8?", bytes(30))])
def test_what_is_no_webp_has_no_such_size(content: bytes) -> None:
    assert webp_size(content) is None


_MEASURE = """
import re, sys
from pathlib import Path
from accounts.images.picture import ARTWORK, make_pictures

def peak_mb():
    return int(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024

picture, before = sys.stdin.buffer.read(), peak_mb()
make_pictures(picture, ARTWORK)
print(peak_mb() - before)
"""


@pytest.mark.parametrize(("form", "mode"), [("PNG", "RGBA"), ("WEBP", "RGB")])
def test_a_small_file_of_many_pixels_takes_little_memory(form: str, mode: str) -> None:
    picture = encoded(form, (2828, 2828), mode)
    assert len(picture) < 100_000
    measured = subprocess.run(
        [sys.executable, "-c", _MEASURE],
        input=picture,
        capture_output=True,
        check=True,
        timeout=180,
    )
    assert int(measured.stdout) < 160


async def test_uploads_do_not_pile_up(tmp_path: Path) -> None:
    folder = PictureFolder(tmp_path)
    said = await asyncio.gather(
        *(folder.keep(encoded("PNG"), AVATAR) for _ in range(8)), return_exceptions=True
    )
    assert [type(each) for each in said] == [str] * 5 + [PicturesBusyError] * 3
    assert await folder.keep(encoded("PNG"), AVATAR)
    folder.close()


async def test_the_api_asks_to_wait_while_too_many_pictures_are_drawn(
    served: ServedPeople,
) -> None:
    await served.world.register()
    client = await served.signed_in()
    said = await asyncio.gather(
        *(
            client.ask(
                "PUT",
                "/me/avatar",
                data=io.BytesIO(encoded("PNG", (2000, 2000))),
                headers={"Content-Type": "image/png", "If-Match": "*"},
            )
            for _ in range(9)
        )
    )
    statuses = {each.status for each in said}
    assert statuses == {200, 503}
    assert all("Retry-After" in each.headers for each in said if each.status == 503)


async def test_the_same_picture_is_kept_once_and_swept_when_unused(tmp_path: Path) -> None:
    folder = PictureFolder(tmp_path)
    first, second = (
        await folder.keep(encoded("PNG"), AVATAR),
        await folder.keep(encoded("PNG"), AVATAR),
    )
    other = await folder.keep(encoded("GIF", (50, 50)), AVATAR)
    assert first == second != other
    assert await folder.sweep((), older_than_s=3600) == 0
    assert await folder.sweep({first}, older_than_s=-1) == 2
    assert await folder.read(picture_file(first, 64))
    assert await folder.read(picture_file(other, 64)) is None
    assert await folder.sweep((), older_than_s=-1) == 2


@pytest.mark.parametrize(
    "name",
    [
        "",
        "..",
        "../../etc/passwd",
        "a" * 32,
        f"{'a' * 32}-64.webp/..",
        f"{'A' * 32}-64.webp",
        f"{'a' * 32}-64.png",
        f"/{'a' * 32}-64.webp",
        f"{'a' * 32}-64.webp\0",
        "%2e%2e",
    ],
)
async def test_no_name_reaches_another_file(tmp_path: Path, name: str) -> None:
    assert await PictureFolder(tmp_path).read(name) is None


@pytest.mark.parametrize("kind", ["SVG", "half a PNG", "a PNG of 30,000 x 30,000", "text"])
async def test_the_api_says_what_it_expected(served: ServedPeople, kind: str) -> None:
    await served.world.register()
    client = await served.signed_in()
    headers = {"Content-Type": "image/png", "If-Match": "*"}
    refused = await client.ask("PUT", "/me/avatar", data=BROKEN[kind], headers=headers)
    assert (refused.status, refused.code) == (422, "invalid")
    assert (await client.ask("GET", "/me")).body["avatar"] is None


async def test_the_api_refuses_too_many_bytes_and_other_kinds(served: ServedPeople) -> None:
    await served.world.register()
    client = await served.signed_in()
    big = await client.ask(
        "PUT",
        "/me/avatar",
        data=io.BytesIO(BROKEN["too many bytes"]),
        headers={"Content-Type": "image/png", "If-Match": "*"},
    )
    assert big.status == 413
    for kind in ("image/svg+xml", "text/html", "application/octet-stream"):
        other = await client.ask(
            "PUT",
            "/me/avatar",
            data=encoded("PNG"),
            headers={"Content-Type": kind, "If-Match": "*"},
        )
        assert other.status == 415


@pytest.mark.parametrize(
    "path", ["..%2f..%2faccounts-keys.json", "%2e%2e/%2e%2e/etc/passwd", "x.webp", "%00.webp"]
)
async def test_the_api_serves_pictures_alone(served: ServedPeople, path: str) -> None:
    assert (await served.client().ask("GET", f"/pictures/{path}")).status == 404


async def test_upkeep_sweeps_what_has_expired_and_leaves_what_is_used(world: PeopleWorld) -> None:
    account_id = await world.register()
    account = await world.people.profiles.set_avatar(account_id, encoded("PNG"), any_revision)
    await world.people.password_change.forget("ann@example.org")
    await world.sign_in()
    world.wait(400 * 86_400_000)
    await world.people.upkeep.sweep()
    assert await world.people.sessions.list_of(account_id) == ()
    assert account.avatar
    assert await world.pictures.read(picture_file(account.avatar, 64))
