"""What becomes of a line before others read it."""

# ruff: noqa: RUF001 - letters of many scripts are what this is about
import contextlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.chat.message_text import (
    MARKS_PER_BASE,
    MessageTextError,
    grapheme_count,
    tidy,
)

NASTY = st.text(
    st.characters()
    | st.sampled_from(
        "\u202e\u2066\u200b\u200d\u200c\u0301\u0489\ufeff\u3164 \n\tae\U0001f3f4\U000e0067"
    )
)


def tidied(text: str) -> str | None:
    try:
        return tidy(text, graphemes_max=500, bytes_max=2000)
    except MessageTextError:
        return None


@given(NASTY)
def test_what_is_tidy_stays_as_it_is(text: str) -> None:
    once = tidied(text)
    assert once is None or tidied(once) == once


@given(NASTY)
def test_what_is_said_is_one_line_that_hides_and_reverses_nothing(text: str) -> None:
    line = tidied(text)
    if line is None:
        return
    assert line == line.strip() == unicodedata.normalize("NFC", line)
    assert not any(unicodedata.category(each) in {"Cc", "Cs"} for each in line)
    assert not set(line) & set(
        "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\ufeff\u3164"
    )
    assert any(
        unicodedata.category(each)[0] in "LNPS" or unicodedata.category(each) == "Cn"
        for each in line
    )


@given(NASTY)
def test_marks_do_not_pile_up(text: str) -> None:
    run = 0
    for each in tidied(text) or "":
        run = run + 1 if unicodedata.category(each)[0] == "M" else 0
        assert run <= MARKS_PER_BASE


@given(NASTY)
def test_lengths_are_bounded_in_letters_and_in_bytes(text: str) -> None:
    line = ""
    with contextlib.suppress(MessageTextError):
        line = tidy(text, graphemes_max=5, bytes_max=12)
    assert len(line.encode()) <= 12
    assert grapheme_count(line) <= 5


@given(st.text(st.characters(categories=["Lu", "Ll", "Nd", "Po"]), min_size=1, max_size=100))
def test_plain_words_are_not_touched(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert tidied(composed) in {composed, None} or not composed.isprintable()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("  two\n\twords ", "two words"),
        ("<b>&amp;</b>", "<b>&amp;</b>"),  # text, not markup
        ("\u202eevil", "evil"),
        ("a\u200bb\u2060c", "abc"),
        ("e\u0301", "é"),
        ("Z" + "\u0335" * 40 + "!", "Z" + "\u0335" * MARKS_PER_BASE + "!"),
        ("\u0301lone", "lone"),
        ("می\u200cخواهم", "می\u200cخواهم"),  # a joiner that Persian needs
        ("a \u200d b\u200d", "a b"),
        ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
        ("\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",) * 2,  # Scotland
        ("hi\U000e0068\U000e0069", "hi"),
    ],
)
def test_known_lines(text: str, said: str) -> None:
    assert tidied(text) == said


@pytest.mark.parametrize(
    "text", ["", "   ", "\u200b\u200d\u2060", "\u3164", "\u2800\u2800", "\u0301", "\u202e\u202c"]
)
def test_what_nobody_can_see_is_not_said(text: str) -> None:
    with pytest.raises(MessageTextError) as caught:
        tidy(text, graphemes_max=10, bytes_max=10)
    assert caught.value.code == "empty"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("abc", 3),
        ("é", 1),
        ("e\u0301", 1),
        ("👩\u200d👩\u200d👧", 1),
        ("👍\U0001f3fd", 1),
        ("🇩🇪🇫🇷", 2),
        ("한\u1112\u1161\u11ab", 2),
        ("", 0),
    ],
)
def test_letters_are_counted_as_readers_count_them(text: str, count: int) -> None:
    assert grapheme_count(text) == count
