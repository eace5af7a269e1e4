"""What is logged while the database is away."""

import pytest
import structlog
from structlog.testing import capture_logs

from accounts.storage import AwayError, BusyError, Database, tell_trouble
from accounts.storage.outage import INTERVAL_S, Outage

GONE = AwayError("the database cannot be reached: Connection refused")


def test_it_is_told_once_now_and_then_and_at_its_end() -> None:
    outage = Outage()
    with capture_logs() as log:
        for tick in range(100):
            outage.note(GONE, tick * 0.5)
        assert outage.is_on
        outage.end(49.5)
    assert [(line["log_level"], line["event"]) for line in log] == [
        ("warning", "database away"),
        ("warning", "database away"),
        ("info", "database back"),
    ]
    assert [line["failures"] for line in log] == [1, 60, 39]
    assert [line.get("for_s", line.get("away_s")) for line in log] == [0, 30, 49.5]
    assert not outage.is_on


def test_one_that_comes_and_goes_fills_no_log() -> None:
    outage = Outage()
    with capture_logs() as log:
        for tick in range(59):
            outage.note(GONE, tick * 0.5)
            outage.end(tick * 0.5)
    assert [line["event"] for line in log] == ["database away", "database back"]
    assert INTERVAL_S == 30.0


def test_only_other_trouble_is_a_warning_of_its_own() -> None:
    with capture_logs() as log:
        tell_trouble(structlog.get_logger("test"), "rooms not tidied", GONE)
        tell_trouble(structlog.get_logger("test"), "rooms not tidied", BusyError("full"), room=1)
    assert [line["log_level"] for line in log] == ["debug", "warning"]
    assert (log[1]["reason"], log[1]["room"]) == ("full", 1)


async def test_a_server_that_does_not_answer_is_away_for_all_who_ask() -> None:
    database = Database.at("postgresql://nobody@127.0.0.1:1/nothing")

    async def work(_: object) -> None:
        raise AssertionError("there is no connection")

    with capture_logs() as log:
        with pytest.raises(AwayError):
            await database.write(work)
        with pytest.raises(AwayError):
            async with database.reading():
                pass
    assert [line["event"] for line in log] == ["database away"]
    await database.close()
