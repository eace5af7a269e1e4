"""Ids, topics and commands as they stand on the wire."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.command_rate import CommandRate
from notify.event_id import EventId, EventIdError
from notify.topic import LIVE, ME, ChannelTopic, TopicError, parse_topic
from notify.wire import CommandError, Ping, Subscribe, parse_command, reply

NUMBERS = st.integers(0, 2**63 - 1)


@given(st.from_regex(r"[0-9a-z]{1,16}", fullmatch=True), NUMBERS, NUMBERS)
def test_an_id_is_read_as_it_was_written(run: str, number: int, fact: int) -> None:
    id_ = EventId(run, number, fact)
    assert EventId.parse(id_.text()) == id_


@given(st.text(max_size=80) | st.from_regex(r"[0-9a-z-]{1,60}"))
def test_other_text_is_no_id_or_one_that_can_be_written(text: str) -> None:
    try:
        id_ = EventId.parse(text)
    except EventIdError:
        return
    assert EventId.parse(id_.text()) == id_


@pytest.mark.parametrize(
    "text", ["", "a", "a-1", "a-1-g", "A-1-1", "a-1-1\n", "a--1", "a-1-8000000000000000", "a-²-1"]
)
def test_what_was_never_given_out_is_no_id(text: str) -> None:
    with pytest.raises(EventIdError):
        EventId.parse(text)


def test_topics_are_read() -> None:
    assert parse_topic("me") == ME
    assert parse_topic("live") == LIVE
    assert parse_topic("channel:Studio-1") == ChannelTopic("studio-1")
    assert ChannelTopic("studio").text == "channel:studio"


@pytest.mark.parametrize(
    "text", ["", "Me", "channel:", "channel:-a", "channel:a/b", "channel:é", "staff:a", "account:a"]
)
def test_other_text_is_no_topic(text: str) -> None:
    with pytest.raises(TopicError):
        parse_topic(text)


def test_commands_are_read() -> None:
    assert parse_command('{"type":"ping","ref":3}') == Ping(type="ping", ref=3)
    said = parse_command('{"type":"subscribe","topics":["live"],"after":"a-1-1"}')
    assert said == Subscribe(type="subscribe", topics=("live",), after="a-1-1", leave=None)


@given(st.text() | st.recursive(st.none() | st.text() | st.integers(), st.lists).map(json.dumps))
def test_other_text_is_no_command(text: str) -> None:
    with pytest.raises(CommandError):
        parse_command(text)


def test_what_is_wrong_with_a_command_is_said_without_its_secrets() -> None:
    with pytest.raises(CommandError) as caught:
        parse_command('{"type":"authenticate","token":"sesame","more":1}')
    assert "sesame" not in str(caught.value)
    assert "more" in str(caught.value)


def test_replies_leave_out_what_is_not_known() -> None:
    assert json.loads(reply("pong", None, id=None)) == {"type": "pong"}
    assert json.loads(reply("pong", 0)) == {"type": "pong", "ref": 0}


def test_a_client_may_ask_as_much_at_once_and_as_often_as_was_set() -> None:
    rate = CommandRate(burst=3, per_minute=60)
    assert [rate.take(100.0) for _ in range(4)] == [True, True, True, False]
    assert not rate.take(100.5)
    assert rate.take(101.0)
    assert not rate.take(101.0)
