"""Terms: what is written and what is typed become the same words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.search.terms import (
    QUERY_CHARACTERS,
    TERM_CHARACTERS,
    TERMS_PER_QUERY,
    TERMS_PER_TEXT,
    query_terms,
    terms_of,
)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Late-Night JAZZ!", ["late", "night", "jazz"]),
        ("Ｃａｆé  CAFÉ", ["cafe", "cafe"]),
        ("Straße", ["strasse"]),
        ("Ångström ŽIŽEK", ["angstrom", "zizek"]),
        ("Ἀθῆναι", ["αθηναι"]),
        ("й", ["и"]),
        ("生放送", ["生放", "放送"]),
        ("生", ["生"]),
        ("ライブ配信 live", ["ライ", "イブ", "ブ配", "配信", "live"]),
        ("한국어 방송", ["한국어", "방송"]),
        ("हिन्दी", ["हिन्दी"]),
        ("C++ & C#", ["c", "c"]),
        ("\" OR * NEAR( ^ : - ' ; --", ["or", "near"]),
        ("👩‍👩‍👧", []),
        ("", []),
        ("a\0b", ["a", "b"]),
    ],
)
def test_words_are_folded(text: str, terms: list[str]) -> None:
    assert terms_of(text) == terms


@given(st.text(max_size=300))
def test_terms_are_safe_in_any_query_and_stable(text: str) -> None:
    terms = terms_of(text)
    for term in terms:
        assert term
        assert len(term) <= TERM_CHARACTERS
        assert all(letter.isalnum() or not letter.isascii() for letter in term)
        assert not set(term) & set("'\"\\:*&|!()<> \t\n\0{}^-+")
    if all(len(term) < TERM_CHARACTERS for term in terms):
        again = terms_of(" ".join(terms))
        assert [each for each in again if len(each) > 2] == [
            each for each in terms if len(each) > 2
        ] or any(ord(letter) > 0x0E00 for term in terms for letter in term)


@given(st.text(max_size=400))
def test_a_query_is_bounded(text: str) -> None:
    terms = query_terms(text)
    assert len(terms) <= TERMS_PER_QUERY
    assert len(set(terms)) == len(terms)


def test_texts_are_bounded() -> None:
    assert len(terms_of("word " * 10_000)) == TERMS_PER_TEXT
    assert terms_of("x" * 10_000) == ["x" * TERM_CHARACTERS]
    assert query_terms("y" * QUERY_CHARACTERS + " z") == ["y" * TERM_CHARACTERS]
