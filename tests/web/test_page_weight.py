"""What a viewer's browser loads before it can play, as it travels: compressed."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from distribution.application import PAGES_FOLDER

MANIFEST = PAGES_FOLDER / ".vite" / "manifest.json"
# hls.js is more than half of it. A viewer on a slow phone network (1.5 Mbit/s) waits two seconds.
LIMIT_BYTES = 350_000


def files_of(manifest: dict[str, Any], *entries: str) -> set[str]:
    """Return the files that the entries need at once, through all that they import."""
    files: set[str] = set()
    pending, seen = list(entries), set(entries)
    while pending:
        chunk = manifest[pending.pop()]
        files |= {chunk["file"], *chunk.get("css", ())}
        for name in chunk.get("imports", ()):
            if name not in seen:
                seen.add(name)
                pending.append(name)
    return files


def weight_bytes(folder: Path, files: set[str]) -> int:
    """Return how much the files are together, each compressed as the server sends it."""
    return sum(len(gzip.compress((folder / file).read_bytes(), mtime=0)) for file in files)


@pytest.mark.parametrize(
    "entries", [("index.html", "src/pages/channel-page.ts"), ("embed.html",)], ids=["page", "embed"]
)
def test_a_page_that_plays_is_light(entries: tuple[str, ...]) -> None:
    manifest = json.loads(MANIFEST.read_text("utf-8"))
    files = files_of(manifest, *entries)
    assert any(file.endswith(".js") for file in files)
    assert weight_bytes(PAGES_FOLDER, files) < LIMIT_BYTES


def test_pages_for_people_do_not_weigh_on_viewers() -> None:
    manifest = json.loads(MANIFEST.read_text("utf-8"))
    loaded = files_of(manifest, "index.html", "src/pages/channel-page.ts")
    for page in ("settings-page", "dashboard-page", "admin-page"):
        assert manifest[f"src/pages/{page}.ts"]["file"] not in loaded
