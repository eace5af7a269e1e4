"""What filters find, and what they leave alone."""

# ruff: noqa: RUF001 - letters that look alike are what this is about

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.chat.filters import Filter, FilterError, FilterKind, FilterSet
from accounts.chat.folding import fold
from accounts.chat.links import hosts_in


def filters(*patterns: tuple[FilterKind, str]) -> FilterSet:
    return FilterSet(Filter.of(kind, text) for kind, text in patterns)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(st.characters(categories=["L", "Nd"]), min_size=1, max_size=20))
def test_a_word_is_found_however_it_is_dressed(word: str) -> None:
    try:
        found = filters((FilterKind.WORD, word))
    except FilterError:
        return
    for dressed in (word, word.upper(), f"so, {word}!", "\u0301".join(word) + "\u0301"):
        if fold(dressed.strip("so, !")) == fold(word) or word in dressed:
            assert found.refuses_words(dressed) or fold(word) not in fold(dressed)


@pytest.mark.parametrize(
    "text", ["idiot", "IDIOT", "Ídïöt", "ｉｄｉｏｔ", "іdіоt", "you i\u0301diot.", "𝕚𝕕𝕚𝕠𝕥", "ⓘⓓⓘⓞⓣ"]
)
def test_letters_that_look_alike_are_alike(text: str) -> None:
    assert filters((FilterKind.WORD, "idiot")).refuses_words(text)


@pytest.mark.parametrize("text", ["idiotic", "an id iota", "id-iot", "Glückwunsch"])
def test_a_word_is_not_a_part_of_another(text: str) -> None:
    assert not filters((FilterKind.WORD, "idiot")).refuses_words(text)


def test_words_in_a_row_and_parts_of_words() -> None:
    found = filters((FilterKind.WORD, "buy followers"), (FilterKind.PART, "ばか"))
    assert found.refuses_words("Buy   FOLLOWERS now")
    assert not found.refuses_words("buy more followers")
    assert found.refuses_words("このばかもの")


def test_links_go_where_the_room_lets_them() -> None:
    found = filters((FilterKind.DOMAIN, "evil.example"), (FilterKind.ALLOWED_DOMAIN, "good.org"))
    assert found.refuses_links("see https://a.evil.example/x", links_allowed=True)
    assert not found.refuses_links("see example.org", links_allowed=True)
    assert found.refuses_links("see example.org", links_allowed=False)
    assert not found.refuses_links("see www.good.org/page", links_allowed=False)
    assert found.refuses_links("see notgood.org", links_allowed=False)


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("https://Example.ORG/a?b", ("example.org",)),
        ("http://10.0.0.1:8080/x", ("10.0.0.1",)),
        ("ftp://user@host.name/", ("host.name",)),
        ("go to twitch.tv/me!", ("twitch.tv",)),
        ("(bit.ly/abc)", ("bit.ly",)),
        ("www.something.museum", ("www.something.museum",)),
        ("ｅｘａｍｐｌｅ．com", ("example.com",)),
        ("a.com b.com a.com", ("a.com", "b.com")),
        ("mail me@example.com", ()),
        ("e.g. this, i.e. that", ()),
        ("file.txt and main.py", ()),
        ("wait...what 3.14 v1.2.3", ()),
        ("ok.then", ()),
        # What pages make a link of, whatever stands before it.
        ("-http://evil.example/", ("evil.example",)),
        ("@https://evil.example", ("evil.example",)),
        ("xhttps://evil.example", ("evil.example",)),
        # What browsers read otherwise than people.
        ("http://3627734444/", ("3627734444",)),
        (f"http://{'u' * 99}:p@evil.example/", ("evil.example",)),
        ("http://good.org\\@evil.example", ("good.org",)),
        ("http://good.org@evil.example", ("evil.example",)),
        ("http://evil.example<@good.org", ("evil.example",)),
        ("http://%65vil.example/", ("evil.example",)),
        ("http://evil\u3002example/", ("evil.example",)),
        ("http://ev\ufe0fil.example/", ("evil.example",)),
        ("http://a.b.c.d.e.f.g.good.org.evil.example", ("a.b.c.d.e.f.g.good.org.evil.example",)),
        ("a.b.c.d.e.f.g.h.i.evil.com", ("a.b.c.d.e.f.g.h.i.evil.com",)),
    ],
)
def test_links_are_what_readers_take_for_one(text: str, hosts: tuple[str, ...]) -> None:
    assert hosts_in(text) == hosts


@given(st.text(max_size=500))
def test_any_text_can_be_held_against_filters(text: str) -> None:
    found = filters((FilterKind.WORD, "a b"), (FilterKind.PART, "c"), (FilterKind.DOMAIN, "d.org"))
    found.refuses_words(text)
    found.refuses_links(text, links_allowed=False)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (FilterKind.WORD, "..."),
        (FilterKind.PART, "\u0301"),
        (FilterKind.DOMAIN, "not a domain"),
        (FilterKind.ALLOWED_DOMAIN, "localhost"),
        (FilterKind.WORD, "x" * 101),
    ],
)
def test_a_pattern_that_can_match_nothing_is_refused(kind: FilterKind, text: str) -> None:
    with pytest.raises(FilterError):
        Filter.of(kind, text)
