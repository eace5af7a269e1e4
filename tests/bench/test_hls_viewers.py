import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from bench.cores import choose_cores
from bench.load.hls_viewers import RunningViewers
from bench.load.media_playlists import viewer_lines


class Site(ThreadingHTTPServer):
    """Gives each who begins a session, and remembers who asked for what with which."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.begun = 0
        self.asked: set[tuple[str, str, str]] = set()
        self.lock = threading.Lock()

    def handle_error(self, *_: object) -> None:
        """Viewers hang up in the end, whatever they wait for."""

    def text(self, target: str, address: str) -> str:
        place = urlsplit(target)
        with self.lock:
            if place.path == "/index.m3u8":
                self.begun += 1
                query = f"?s=session{self.begun:05}"
                return (
                    f'#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,URI="sound/index.m3u8{query}"\n'
                    f"#EXT-X-STREAM-INF:BANDWIDTH=1\npicture/index.m3u8{query}\n"
                )
            if "_HLS_msn" in place.query:
                session = parse_qs(place.query)["s"][0]
                self.asked.add((place.path, session, address))
        return (
            "#EXTM3U\n#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES\n"
            '#EXT-X-MEDIA-SEQUENCE:1\n#EXT-X-PART:DURATION=1,URI="part.m4s"\n'
        )


class Answers(BaseHTTPRequestHandler):
    """Answers with what the site has."""

    protocol_version = "HTTP/1.1"
    server: Site

    def do_GET(self) -> None:
        body = self.server.text(self.path, self.client_address[0]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[Site]:
    with Site() as site:
        thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield site
        finally:
            site.shutdown()
            thread.join()


def test_each_viewer_keeps_a_session_of_its_own_for_picture_and_sound() -> None:
    with serving() as site:
        url = f"http://127.0.0.1:{site.server_port}/index.m3u8"
        lines = viewer_lines("saturate", 3, url)
        looked = site.begun
        result = RunningViewers(url, lines, 2.5, choose_cores()).result()
        begun = site.begun - looked
    assert result.errors == 0
    assert begun == 3
    sessions = {(session, address) for _, session, address in site.asked}
    assert len(sessions) == len({address for _, address in sessions}) == 3
    paths = ("/picture/index.m3u8", "/sound/index.m3u8")
    assert site.asked == {(path, *each) for path in paths for each in sessions}
