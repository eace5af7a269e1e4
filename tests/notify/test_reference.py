"""docs/events.md says what the code says, and schemas hold what is sent."""

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped] # one use

from notify.close_code import MEANINGS, CloseCode
from notify.events import ALL_EVENTS, Event
from notify.reference import reference, schemas
from notify.topic import Key
from tests.notify.telling import bus, told

DOCUMENT = Path(__file__).parents[2] / "docs" / "events.md"
EXAMPLES: dict[str, dict[str, Any]] = {
    "channel.live": {
        "channel": "studio", "broadcast_id": "brc_1", "title": "A", "category": None,
        "started_at": 1,
    },
    "channel.offline": {"channel": "studio", "broadcast_id": "brc_1"},
    "channel.changed": {
        "channel": "studio", "changed": ("title",), "title": "A", "category": "art",
    },
    "follower.gained": {
        "channel": "studio", "account_id": "acc_1", "display_name": "Fay", "follower_count": 1,
    },
    "notification.added": {
        "notification_id": "ntc_1", "kind": "live", "channel": "studio", "title": "A",
        "broadcast_id": "brc_1", "is_quiet": False,
    },
    "notification.read": {"unread": 3},
    "publisher.warned": {"channel": "studio", "code": "late", "text": "Late."},
    "publisher.findings": {
        "channel": "studio",
        "findings": ({
            "code": "audio-mono", "severity": "advice", "title": "Mono", "to_change": "Stereo.",
            "measured": "1", "expected": "2", "since": 1,
        },),
    },
    "channel.viewers": {"channel": "studio", "viewers": 12},
    "chat.message": {
        "channel": "studio", "message_id": "7", "text": "hi :wave: @Fay", "is_action": False,
        "author": {
            "account_id": "acc_1", "display_name": "Fay", "role": "viewer", "avatar": None,
        },
        "emotes": ({"code": ":wave:", "url": "/e.webp", "start": 3, "end": 9},),
        "mentions": ({"account_id": "acc_1", "display_name": "Fay", "start": 10, "end": 14},),
        "reply_to": {"message_id": "6", "account_id": "acc_1", "display_name": "Fay"},
        "broadcast_id": "brc_1", "media_time_ms": 1000,
    },
    "chat.deleted": {"channel": "studio", "message_id": "7", "by_moderator": True},
    "chat.cleared": {"channel": "studio", "account_id": "acc_1"},
    "chat.settings": {
        "channel": "studio", "enabled": True, "slow_mode_s": 0, "followers_only_minutes": None,
        "verified_only": False, "links_allowed": True,
    },
    "chat.emotes": {"channel": "studio"},
    "chat.sanctioned": {
        "channel": "studio", "account_id": "acc_1", "display_name": "Fay", "kind": "timeout",
        "reason": "", "ends_at": 1,
    },
}  # fmt: skip


def test_the_reference_is_what_make_events_reference_writes() -> None:
    assert DOCUMENT.read_text("utf-8") == reference()


def test_every_close_code_is_explained() -> None:
    assert set(MEANINGS) == set(CloseCode)


def test_no_two_events_have_one_name_and_version() -> None:
    names = [(event.TYPE, event.VERSION) for event in ALL_EVENTS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("event", ALL_EVENTS)
def test_what_is_sent_is_as_its_schema_says(event: type[Event]) -> None:
    made = event.model_validate({"at": 0, **EXAMPLES[event.TYPE]})
    sent = told(bus().publish(made, topics=["me"], keys=[Key("a")]))
    Draft202012Validator(schemas()).validate(sent)
    del sent["id"]
    assert not Draft202012Validator(schemas()).is_valid(sent)
