"""Playlists written by hand: two successive ones of a live rendition that break no rule."""

from conformance.exchange import Exchange

URL = "http://server.example/live/show/e1/video/index.m3u8"
OTHER_URL = "http://server.example/live/show/e1/audio/index.m3u8"

HEAD = """\
#EXTM3U
#EXT-X-VERSION:9
#EXT-X-TARGETDURATION:2
#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.5,HOLD-BACK=6,CAN-SKIP-UNTIL=12
#EXT-X-PART-INF:PART-TARGET=0.5
"""
TAIL = """\
#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part-{hint}.m4s"
#EXT-X-RENDITION-REPORT:URI="../audio/index.m3u8",LAST-MSN={msn},LAST-PART={part}
"""


def segment(msn: int, *, parts: bool = True, whole: int = 4) -> str:
    """A 2 s segment at its date, with its four parts or the first `whole` of them."""
    second = 2 * msn
    text = f"#EXT-X-PROGRAM-DATE-TIME:2026-11-21T10:{second // 60:02}:{second % 60:02}.000Z\n"
    for index in range(whole if parts else 0):
        number = 4 * msn + index
        flag = ",INDEPENDENT=YES" if index == 0 else ""
        text += f'#EXT-X-PART:DURATION=0.50000,URI="part-{number}.m4s"{flag}\n'
    if whole == 4:
        text += f"#EXTINF:2.00000,\nsegment-{msn}.m4s\n"
    return text


def live_playlist(first: int, open_msn: int, open_parts: int) -> str:
    """Complete segments `first` to `open_msn` - 1, and some parts of the open one."""
    text = HEAD + f"#EXT-X-MEDIA-SEQUENCE:{first}\n#EXT-X-DISCONTINUITY-SEQUENCE:0\n"
    text += '#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-MAP:URI="init-1.mp4"\n'
    for msn in range(first, open_msn):
        text += segment(msn, parts=msn >= open_msn - 4)
    if open_parts:
        text += segment(open_msn, whole=open_parts)
    part = open_parts - 1 if open_parts else 3
    return text + TAIL.format(
        hint=4 * open_msn + open_parts, msn=open_msn if open_parts else open_msn - 1, part=part
    )


OLD = live_playlist(10, 17, 3)
NEW = live_playlist(11, 18, 0)

PLAYLIST_HEADERS = {
    "content-type": "application/vnd.apple.mpegurl",
    "content-encoding": "gzip",
    "cache-control": "no-cache",
    "access-control-allow-origin": "*",
}
MEDIA_HEADERS = {
    "content-type": "video/mp4",
    "cache-control": "public, max-age=3600",
    "access-control-allow-origin": "*",
}


def answer(
    body: bytes | str,
    *,
    url: str = URL,
    at_s: float = 100.0,
    held_s: float = 0.0,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Exchange:
    """An answer that came at `at_s`, after the server had held the request for `held_s`."""
    return Exchange(
        method="GET",
        url=url,
        status=status,
        headers=PLAYLIST_HEADERS if headers is None else headers,
        body=body.encode() if isinstance(body, str) else body,
        requested_s=at_s - held_s,
        first_byte_s=at_s,
        arrived_s=at_s,
        arrived_unix_s=1_800_000_000 + at_s,
    )
