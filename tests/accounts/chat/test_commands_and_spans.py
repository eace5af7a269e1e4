"""Commands as they are written, and what stands where in a text."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.chat.command import (
    SLOW_MODE_S_MAX,
    TIMEOUT_S_MAX,
    USAGE,
    Ban,
    ChatCommand,
    Clear,
    CommandError,
    Delete,
    Followers,
    Help,
    Me,
    Mod,
    Slow,
    Timeout,
    Unban,
    Unmod,
    help_text,
    is_command,
    parse_command,
)
from accounts.chat.spans import emotes_in, mentions_in


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("/me waves", Me("waves")),
        ("/HELP", Help()),
        ("/timeout Fay 60", Timeout("Fay", 60, "")),
        ("/timeout @Fay 10m too loud", Timeout("Fay", 600, "too loud")),
        ('/timeout "Fay the Fan" 1d  why  not', Timeout("Fay the Fan", 86_400, "why  not")),
        ("/ban Fay", Ban("Fay", "")),
        ('/ban @"Fay Fan" spam', Ban("Fay Fan", "spam")),
        ("/unban Fay the Fan", Unban("Fay the Fan")),
        ("/delete 123", Delete("123")),
        ("/clear", Clear(None)),
        ("/clear @Fay", Clear("Fay")),
        ("/slow 10", Slow(10)),
        ("/slow off", Slow(0)),
        ("/followers", Followers(0)),
        ("/followers 30", Followers(30)),
        ("/followers OFF", Followers(None)),
        ("/mod Fay", Mod("Fay")),
        ("/unmod Fay", Unmod("Fay")),
    ],
)
def test_commands_as_people_write_them(line: str, command: ChatCommand) -> None:
    assert parse_command(line) == command


@pytest.mark.parametrize(
    "line",
    [
        "/", "/nothing", "/me", "/timeout", "/timeout Fay", "/timeout Fay 0", "/timeout Fay soon",
        f"/timeout Fay {TIMEOUT_S_MAX + 1}", "/ban", "/unban", "/delete", "/delete x", "/slow",
        f"/slow {SLOW_MODE_S_MAX + 1}", "/followers many", "/mod", "/unmod", "/slow 99999999999",
    ],
)  # fmt: skip
def test_what_is_no_command_says_how_it_is_written(line: str) -> None:
    with pytest.raises(CommandError) as caught:
        parse_command(line)
    assert "/" in str(caught.value)


@given(st.text().map(lambda text: f"/{text}"))
def test_any_line_is_a_command_or_an_error(line: str) -> None:
    with contextlib.suppress(CommandError):
        parse_command(line)


@given(
    st.sampled_from(sorted(USAGE)),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    st.integers(1, TIMEOUT_S_MAX),
)
def test_any_name_and_number_are_read_back(word: str, name: str, seconds: int) -> None:
    name = " ".join(name.replace('"', "").split())
    if not name or name.startswith("@"):
        return
    assert parse_command(f'/timeout "{name}" {seconds}') == Timeout(name, seconds, "")
    assert is_command(f"/{word}")


def test_two_slashes_are_a_line_that_begins_with_one() -> None:
    assert not is_command("//help is a command")
    assert not is_command("and/or")


def test_help_names_everything_to_those_who_may_do_it() -> None:
    assert all(usage in help_text(for_staff=True) for usage in USAGE.values())
    assert help_text(for_staff=False) == "/me TEXT, /help"


def sliced(text: str, start: int, end: int) -> str:
    """Cut a text as JavaScript does."""
    units = text.encode("utf-16-le")
    return units[start * 2 : end * 2].decode("utf-16-le")


@given(st.lists(st.sampled_from([":wave:", ":no:", ":", "👍", "a", " ", ":wave"]), max_size=30))
def test_emotes_stand_where_their_codes_do(parts: list[str]) -> None:
    text = "".join(parts)
    spans = emotes_in(text, {"wave": "picture"})
    assert all(sliced(text, span.start, span.end) == ":wave:" for span in spans)
    assert [span.start for span in spans] == sorted({span.start for span in spans})
    if not spans:
        assert ":wave:" not in text


@given(
    st.lists(
        st.sampled_from(["@Fay", "@fay the fan", "@", "👍", "x", " ", "Fay", "!"]), max_size=30
    )
)
def test_names_are_called_with_an_at(parts: list[str]) -> None:
    text = "".join(parts)
    known = {"fay": "acc_1", "fay the fan": "acc_2"}
    for span in mentions_in(text, known):
        called = sliced(text, span.start, span.end)
        assert known[called.removeprefix("@").casefold()] == span.what


def test_the_longest_name_is_meant_and_none_within_a_word() -> None:
    known = {"fay": "acc_1", "fay the fan": "acc_2"}
    (span,) = mentions_in("hi @Fay the Fan!", known)
    assert (span.what, span.start, span.end) == ("acc_2", 3, 15)
    assert mentions_in("fay@fay.org @Fayette", known) == ()
