"""Names, titles, tags and languages: what is kept, and what nobody may write."""

import contextlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.channels import written_text
from accounts.channels.channel import ChannelEdit, check_edit
from accounts.channels.channel_name import canonical_channel_name, may_be_taken
from accounts.channels.errors import InvalidFieldsError
from accounts.channels.written_text import WrittenTextError

CATEGORIES = ("music", "talk")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("studio", "studio"),
        ("Studio-1_x", "studio-1_x"),
        ("a", "a"),
        ("0", "0"),
        ("a" * 64, "a" * 64),
        ("a" * 65, None),
        ("", None),
        ("-a", None),
        ("_a", None),
        ("a b", None),
        ("a/b", None),
        ("..", None),
        ("~a", None),
        ("API", None),
        ("live", None),
        ("stüdio", None),
        ("\u2170", None),
        ("\u212aelvin", None),  # the Kelvin sign, whose lower case is an ASCII k
        ("studio\n", None),
        ("\u0455tudio", None),  # with a Cyrillic letter
    ],
)
def test_a_name_is_canonical_or_none(text: str, name: str | None) -> None:
    assert canonical_channel_name(text) == name


def test_names_that_strangers_would_take_for_ours_are_kept() -> None:
    assert not may_be_taken("support")
    assert may_be_taken("studio")


def test_text_is_composed_and_trimmed() -> None:
    assert written_text.one_line("  a\u0301\t b \n", 10) == "á b"
    assert written_text.several_lines(" a\r\nb\rc \n", 10) == "a\nb\nc"
    assert written_text.one_line("<script>alert('1')</script> & \"x\" -- '; DROP", 80) == (
        "<script>alert('1')</script> & \"x\" -- '; DROP"
    )


@pytest.mark.parametrize(
    "text",
    ["a\0b", "a\x1bb", "a\u202eb", "a\u202ab", "\ud800", "a\u2066b", "a\u2069", "\x7f", "\uffff"],
)
def test_what_nobody_sees_is_refused(text: str) -> None:
    with pytest.raises(WrittenTextError):
        written_text.one_line(text, 100)
    with pytest.raises(WrittenTextError):
        written_text.several_lines(text, 100)


@pytest.mark.parametrize(
    "text", ["שלום\u200f!", "\u2066abc\u2069 مرحبا", "👩‍👩‍👧", "ไทย", "日本語"]
)
def test_scripts_of_the_world_are_kept(text: str) -> None:
    assert written_text.one_line(text, 100) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("Speed Run", "speed-run"),
        ("#LoFi", "lofi"),
        ("  ＣＡＦÉ ", "café"),
        ("STRASSE", "strasse"),
        ("straße", "strasse"),
        ("日本語", "日本語"),
        ("a--b__c  d", "a-b-c-d"),
        ("C++", None),
        ("", None),
        ("#", None),
        ("a,b", None),
        ("<b>", None),
        ("x" * 33, None),
        ("%", None),
    ],
)
def test_a_tag_is_what_readers_take_for_the_same(text: str, canonical: str | None) -> None:
    if canonical is None:
        with pytest.raises(WrittenTextError):
            written_text.tag(text)
    else:
        assert written_text.tag(text) == canonical
        assert written_text.tag(canonical) == canonical


@given(st.text(max_size=40))
def test_any_tag_is_stable_or_refused(text: str) -> None:
    try:
        canonical = written_text.tag(text)
    except WrittenTextError:
        return
    assert written_text.tag(canonical) == canonical
    assert 0 < len(canonical) <= written_text.TAG_CHARACTERS


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("EN", "en"),
        ("pt-br", "pt-BR"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("iw", "he"),
        ("xx", None),
        ("english", None),
        ("", None),
        ("en-", None),
        ("\u202een", None),
        ("a" * 200, None),
        ("en' OR 1=1", None),
    ],
)
def test_a_language_is_one_of_the_registry(text: str, canonical: str | None) -> None:
    if canonical is None:
        with pytest.raises(WrittenTextError):
            written_text.language(text)
    else:
        assert written_text.language(text) == canonical


@given(st.text(max_size=50))
def test_any_language_is_refused_in_order(text: str) -> None:
    with contextlib.suppress(WrittenTextError):
        assert written_text.language(text)


def test_every_fault_of_an_edit_is_named() -> None:
    edit = ChannelEdit(
        title="a\0",
        category="cooking",
        tags=("good", "b/ad", "  "),
        language="klingonese",
        latency_profile="warp",
        grace_s=601,
        visibility="secret",
    )
    with pytest.raises(InvalidFieldsError) as caught:
        check_edit(edit, CATEGORIES)
    assert [fault.path for fault in caught.value.faults] == [
        "title", "category", "language", "latency_profile", "grace_s", "visibility", "tags.1",
        "tags.2",
    ]  # fmt: skip


def test_an_edit_leaves_alone_what_it_does_not_name() -> None:
    checked = check_edit(ChannelEdit(category=None, tags=("A", "a", "b")), CATEGORIES)
    assert checked.columns == {"category": None}
    assert checked.tags == ("a", "b")
    assert check_edit(ChannelEdit(), CATEGORIES).tags is None
    with pytest.raises(InvalidFieldsError):
        check_edit(ChannelEdit(tags=tuple(map(str, range(11)))), CATEGORIES)
