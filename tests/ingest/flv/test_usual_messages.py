"""Messages whose first two bytes say what they are: read at once, and to the same effect."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.flv import PublisherMedia, UnsupportedCodec
from ingest.flv.body import BodyUnit
from ingest.media import MediaEvent
from ingest.rtmp.event import MediaMessage, MediaMessageKind
from tests.ingest.flv.test_publisher_media import AVCC

_VIDEO_HEADS = ("1700000000", "2701000000", "1701000021", "17ff", "9061766331", "a361766331", "91")
_VIDEO_BODIES = (AVCC, "00000003 65aabb", "00000003 41ccdd", "00000009 41", "", "00")
_AUDIO_HEADS = ("af00", "af01", "2701", "9061664c6143", "914f707573", "ae01", "")
_AUDIO_BODIES = ("1190", "1210", "21100460", "fff1508001bffc21", "")


def messages_of(
    kind: MediaMessageKind, heads: tuple[str, ...], bodies: tuple[str, ...]
) -> st.SearchStrategy[tuple[MediaMessageKind, bytes]]:
    return st.tuples(
        st.just(kind),
        st.builds(
            lambda head, body: bytes.fromhex(head + body),
            st.sampled_from(heads),
            st.sampled_from(bodies),
        ),
    )


MESSAGES = st.lists(
    st.tuples(
        messages_of(MediaMessageKind.VIDEO, _VIDEO_HEADS, _VIDEO_BODIES)
        | messages_of(MediaMessageKind.AUDIO, _AUDIO_HEADS, _AUDIO_BODIES),
        st.sampled_from((0, 21, 33, 33, 40, 20_000)),
    ),
    max_size=40,
)


class Forgetful(PublisherMedia):
    """Reads every message as if it were the first of its form."""

    def _note_usual(self, track: object, unit: BodyUnit) -> None:
        """Remember nothing."""


def events_of(
    media: PublisherMedia, messages: list[tuple[tuple[MediaMessageKind, bytes], int]]
) -> list[MediaEvent]:
    events: list[MediaEvent] = []
    time_ms = 0
    for (kind, payload), step_ms in messages:
        time_ms += step_ms
        try:
            media.receive_into(events, MediaMessage(kind, time_ms, payload), time_ms / 1000)
        except UnsupportedCodec:
            break
    return events


@given(MESSAGES)
def test_what_is_known_from_two_bytes_is_read_as_it_was_the_first_time(
    messages: list[tuple[tuple[MediaMessageKind, bytes], int]],
) -> None:
    assert events_of(PublisherMedia(), messages) == events_of(Forgetful(), messages)
