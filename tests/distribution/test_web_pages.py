"""The web UI's files: security headers, caching, coding, and nothing outside the folder."""

import gzip
from pathlib import Path

import pytest

from tests.distribution.conftest import Serve

INDEX = b"<!doctype html><title>Rillcast</title>" + b" " * 500
EMBED = b"<!doctype html><title>Player</title>"
SCRIPT = b"export const one = 1;\n" * 100


@pytest.fixture
def pages_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "built"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_bytes(INDEX)
    (folder / "embed.html").write_bytes(EMBED)
    (folder / "favicon.svg").write_bytes(b"<svg/>")
    (folder / "robots.txt").write_bytes(b"User-agent: *\n")
    (folder / "assets" / "main-1a2b.js").write_bytes(SCRIPT)
    (folder / ".secret.txt").write_bytes(b"secret")
    (folder / "notes.py").write_bytes(b"secret")
    (tmp_path / "outside.txt").write_bytes(b"secret")
    (folder / "assets" / "linked.txt").symlink_to(tmp_path / "outside.txt")
    return folder


@pytest.mark.parametrize(
    "path",
    ["/", "/ada", "/A_b-9", "/?x=1", "/admin", "/admin/users", "/dashboard/ada/keys", "/settings"],
)
async def test_home_every_channel_and_peoples_own_pages_are_the_same_page(
    serve: Serve, pages_folder: Path, path: str
) -> None:
    served = await serve(pages_folder=pages_folder, has_accounts=True)
    response, body = await served.get(path)
    assert response.status == 200
    assert body == INDEX
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", ["/admin", "/admin/users", "/dashboard/ada/keys", "/settings"])
async def test_without_accounts_people_have_no_pages(
    serve: Serve, pages_folder: Path, path: str
) -> None:
    served = await serve(pages_folder=pages_folder)
    response, body = await served.get(path, Accept="text/html")
    assert (response.status, body) == (404, INDEX)
    response, body = await served.get(path)
    assert (response.status, body) == (404, b"no such page\n")


async def test_every_page_has_the_security_headers(serve: Serve, pages_folder: Path) -> None:
    served = await serve(pages_folder=pages_folder)
    for path in ("/", "/ada", "/assets/main-1a2b.js", "/favicon.svg"):
        response, _ = await served.get(path)
        policy = dict(
            directive.strip().split(" ", 1)
            for directive in response.headers["Content-Security-Policy"].split(";")
        )
        assert policy == {
            "default-src": "'none'",
            "script-src": "'self'",
            "style-src": "'self'",
            "connect-src": "'self'",
            "media-src": "'self' blob:",
            "img-src": "'self' data:",
            "font-src": "'self'",
            "worker-src": "'self' blob:",
            "manifest-src": "'self'",
            "base-uri": "'none'",
            "form-action": "'none'",
            "frame-ancestors": "'none'",
        }
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "camera=()" in response.headers["Permissions-Policy"]
        assert "Access-Control-Allow-Origin" not in response.headers


async def test_any_site_may_frame_the_player_for_other_sites_alone(
    serve: Serve, pages_folder: Path
) -> None:
    served = await serve(pages_folder=pages_folder)
    response, body = await served.get("/embed/ada")
    assert (response.status, body) == (200, EMBED)
    policy = response.headers["Content-Security-Policy"]
    assert policy.endswith("; frame-ancestors *")
    assert "script-src 'self';" in policy
    assert "X-Frame-Options" not in response.headers
    response, _ = await served.get("/ada")
    assert response.headers["X-Frame-Options"] == "DENY"


async def test_asset_is_kept_for_ever_and_gzipped_once(serve: Serve, pages_folder: Path) -> None:
    served = await serve(pages_folder=pages_folder)
    response, body = await served.get("/assets/main-1a2b.js", Accept_Encoding="gzip")
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.headers["Vary"] == "Accept-Encoding"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert gzip.decompress(body) == SCRIPT
    response, body = await served.get("/assets/main-1a2b.js")
    assert "Content-Encoding" not in response.headers
    assert body == SCRIPT


async def test_page_that_is_known_is_not_sent_again(serve: Serve, pages_folder: Path) -> None:
    served = await serve(pages_folder=pages_folder)
    response, _ = await served.get("/")
    etag = response.headers["ETag"]
    for known in (etag, f"W/{etag}", f'"other", {etag}'):
        response, body = await served.get("/", If_None_Match=known)
        assert (response.status, body) == (304, b"")
        assert response.headers["ETag"] == etag
        assert "Content-Length" not in response.headers
    response, body = await served.get("/", If_None_Match='"other"')
    assert (response.status, body) == (200, INDEX)


@pytest.mark.parametrize(
    "path",
    [
        "/.secret.txt",
        "/notes.py",
        "/outside.txt",
        "/assets/linked.txt",
        "/../outside.txt",
        "/assets/../../outside.txt",
        "/assets/%2e%2e/%2e%2e/outside.txt",
        "/assets/..%2f..%2foutside.txt",
        "/%2e%2e/outside.txt",
        "/..%2foutside.txt",
        "/%2e%2e%5coutside.txt",
        "/assets/%2fetc%2fpasswd",
        "/assets//etc/passwd",
        "/assets/%00",
        "/assets/",
        "/assets",
        "/assets/main-9z.js",
        "/admin/",
        "/dashboard/../x.y",
        "/embed",
        "/embed/",
        "/embed/a.b",
        "/embed/ada/more",
        "/favicon.ico",
        "/ada/more",
        "/" + "a" * 65,
        "/index.html%00.txt",
        "/%ff",
    ],
)
async def test_nothing_else_can_be_had(serve: Serve, pages_folder: Path, path: str) -> None:
    served = await serve(pages_folder=pages_folder)
    viewer = await served.connect()
    await viewer.ask(path, "Connection: close")
    answer = await viewer.read_all()
    assert answer.startswith(b"HTTP/1.1 404 ")
    assert b"secret" not in answer
    assert b"root:" not in answer


@pytest.mark.parametrize(
    "path", ["/live", "/-no-name", "/a.b.c", "/ada/more", "/a/b/c/d", "/admin/", "/%ff/x"]
)
async def test_browser_at_an_impossible_address_gets_the_page_that_says_so(
    serve: Serve, pages_folder: Path, path: str
) -> None:
    served = await serve(pages_folder=pages_folder)
    response, body = await served.get(path, Accept="text/html,*/*;q=0.8")
    assert response.status == 404
    assert body == INDEX
    assert "Content-Security-Policy" in response.headers


async def test_file_that_comes_after_the_start_is_not_served(
    serve: Serve, pages_folder: Path
) -> None:
    served = await serve(pages_folder=pages_folder)
    (pages_folder / "late.txt").write_bytes(b"late")
    response, _ = await served.get("/late.txt")
    assert response.status == 404


async def test_missing_build_is_said_clearly(serve: Serve, tmp_path: Path) -> None:
    served = await serve(pages_folder=tmp_path / "nothing")
    for path in ("/", "/ada"):
        response, body = await served.get(path)
        assert response.status == 503
        assert body == b"the web UI is not built: run make web\n"
        assert response.headers["Cache-Control"] == "no-store"


async def test_icon_and_robots_are_served_beside_the_page(serve: Serve, pages_folder: Path) -> None:
    served = await serve(pages_folder=pages_folder)
    for path, body in (("/favicon.svg", b"<svg/>"), ("/robots.txt", b"User-agent: *\n")):
        response, got = await served.get(path)
        assert (response.status, got) == (200, body)
        assert response.headers["Cache-Control"] == "no-cache"
