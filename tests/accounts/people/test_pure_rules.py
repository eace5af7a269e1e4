"""Arithmetic and texts that need no database: guessing, codes, addresses, passwords."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zxcvbn_rs_py import zxcvbn

from accounts.people.email_address import EmailAddress, EmailAddressError
from accounts.people.guessing import (
    NO_FAILURES,
    GuessLimit,
    GuessRecord,
    after_failure,
    opens_at_ms,
    remembered,
)
from accounts.people.passwords import PASSWORD_CHARACTERS_MAX, Passwords
from accounts.people.secret_token import RefreshToken, digest_of, new_token
from accounts.people.totp import (
    canonical_recovery_code,
    matching_step,
    new_recovery_code,
)
from tests.accounts.people.world import CHEAP

LIMIT = GuessLimit(free=3, first_delay_ms=100, longest_delay_ms=5_000, forget_after_ms=60_000)
# RFC 6238, appendix B: SHA-1, of which apps show the last six digits.
RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()
RFC_CODES = {
    59: "287082",
    1111111109: "081804",
    1111111111: "050471",
    1234567890: "005924",
    2000000000: "279037",
    20000000000: "353130",
}


@given(st.integers(0, 10**9), st.integers(0, 2**53))
def test_a_delay_never_passes_its_limit_and_never_falls(failures: int, last_ms: int) -> None:
    record, more = GuessRecord(failures, last_ms), GuessRecord(failures + 1, last_ms)
    assert opens_at_ms(record, LIMIT) <= last_ms + LIMIT.longest_delay_ms
    assert opens_at_ms(more, LIMIT) >= opens_at_ms(record, LIMIT)
    if failures < LIMIT.free:
        assert opens_at_ms(record, LIMIT) == 0


@given(st.lists(st.integers(0, 70_000), max_size=30))
def test_failures_are_counted_until_they_are_forgotten(pauses_ms: list[int]) -> None:
    record, now_ms, expected = NO_FAILURES, 0, 0
    for pause_ms in pauses_ms:
        now_ms += pause_ms
        expected = 1 if pause_ms >= LIMIT.forget_after_ms else expected + 1
        record = after_failure(record, LIMIT, now_ms)
        assert record == GuessRecord(expected, now_ms)
    assert remembered(record, LIMIT, now_ms + LIMIT.forget_after_ms) == NO_FAILURES


@pytest.mark.parametrize(
    "wrong",
    [
        {"free": 0},
        {"first_delay_ms": 0},
        {"first_delay_ms": 6_000},
        {"forget_after_ms": 4_000},
    ],
)
def test_limits_that_could_not_work_are_refused(wrong: dict[str, int]) -> None:
    fields = {"free": 3, "first_delay_ms": 100, "longest_delay_ms": 5_000}
    with pytest.raises(ValueError, match="expected"):
        GuessLimit(**(fields | {"forget_after_ms": 60_000} | wrong))


@pytest.mark.parametrize(("now_s", "code"), RFC_CODES.items())
def test_codes_are_those_of_the_standard(now_s: int, code: str) -> None:
    step = now_s // 30
    assert matching_step(RFC_SECRET, code, now_s * 1000, -1) == step
    assert matching_step(RFC_SECRET, f"{code[:3]} {code[3:]}", now_s * 1000, -1) == step
    assert matching_step(RFC_SECRET, code, now_s * 1000, step) is None
    assert matching_step(RFC_SECRET, code, (now_s + 90) * 1000, -1) is None


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading_of_codes(text: str) -> None:
    if text.replace(" ", "") not in RFC_CODES.values():
        matching_step(RFC_SECRET, text, 59_000, -1)
    canonical = canonical_recovery_code(text)
    assert canonical_recovery_code(canonical) == canonical


def test_recovery_codes_are_read_however_they_are_typed() -> None:
    code = new_recovery_code()
    for typed in (code, code.lower(), code.replace("-", ""), code.replace("-", " "), f" {code}\n"):
        assert canonical_recovery_code(typed) == code


@pytest.mark.parametrize(
    ("text", "kept", "key"),
    [
        ("Ann@Example.ORG", "Ann@example.org", "ann@example.org"),
        (" ann@example.org ", "ann@example.org", "ann@example.org"),
        ("ann+tag@example.org", "ann+tag@example.org", "ann+tag@example.org"),
        ("ann@bücher.example", "ann@bücher.example", "ann@xn--bcher-kva.example"),
        ("ann@XN--BCHER-KVA.example", "ann@bücher.example", "ann@xn--bcher-kva.example"),
        ("root@home", "root@home", "root@home"),
    ],
)
def test_addresses_are_normalised_and_compared_folded(text: str, kept: str, key: str) -> None:
    assert EmailAddress.parse(text) == EmailAddress(kept, key)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ann",
        "@example.org",
        "ann@",
        "ann@@example.org",
        "ann@example..org",
        "ann@[127.0.0.1]",
        '"ann smith"@example.org',
        "ann@example.org\nBcc: eve@example.org",
        "ann\r@example.org",
        "Ann <ann@example.org>",
        "ann@example.org, eve@example.org",
        "änn@example.org",
        "mike\u017f@example.org",
        "a" * 65 + "@example.org",
        "ann@" + "a" * 250 + ".org",
        "ann@example.org\0",
    ],
)
def test_what_is_no_address_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(EmailAddressError) as caught:
        EmailAddress.parse(text)
    assert str(caught.value) == "expected an e-mail address such as me@example.org"


@given(st.text(max_size=300))
def test_no_text_breaks_the_reading_of_addresses(text: str) -> None:
    try:
        read = EmailAddress.parse(text)
    except EmailAddressError:
        return
    assert EmailAddress.parse(read.text).key == read.key
    assert not set(read.text) & set("\r\n\0 ,<>")


@given(st.text(max_size=200))
def test_no_text_breaks_the_reading_of_refresh_tokens(text: str) -> None:
    read = RefreshToken.parse(text)
    assert read is None or read.reveal() == text


def test_refresh_tokens_keep_their_family_and_change_their_turn() -> None:
    first = RefreshToken.begin()
    second = first.next()
    assert RefreshToken.parse(second.reveal()) == second
    assert second.family == first.family
    assert second.turn != first.turn
    assert first.family not in repr(first)
    assert first.turn not in repr(first)


def test_tokens_are_long_and_never_the_same() -> None:
    made = {new_token("rcp_") for _ in range(1000)}
    assert len(made) == 1000
    assert len({digest_of(each) for each in made}) == 1000
    assert all(len(each) == 47 for each in made)


@pytest.mark.parametrize(
    "password",
    [
        "password123",
        "qwertyuiop",
        "1234567890",
        "iloveyou123",
        "P@ssw0rd2024",
        "aaaaaaaaaaaaaaaa",
        "abcdefghijkl",
        "rillcast123",
        "short",
        "x" * (PASSWORD_CHARACTERS_MAX + 1),
    ],
)
async def test_passwords_that_others_would_try_are_refused(password: str) -> None:
    passwords = Passwords(CHEAP)
    fault = await passwords.fault(password, ["ann", "example", "rillcast"])
    passwords.close()
    assert fault
    assert fault.startswith("expected")


async def test_what_is_judged_at_a_time_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[str] = []

    def judge(password: str, about: list[str]) -> object:
        judged.append(password)
        return zxcvbn(password, about)

    monkeypatch.setattr("accounts.people.passwords.zxcvbn", judge)
    passwords = Passwords(CHEAP)
    assert await passwords.fault("a" * 200)
    assert [len(each) for each in judged] == [20, 20]
    judged.clear()
    assert await passwords.fault("4@8({[</369&#!1|0$5+7%2/4@8") is None
    assert [len(each) for each in judged] == [20]
    passwords.close()


@pytest.mark.parametrize(
    "password",
    [
        "a" * 20 + "x7#Kq9!vLp2m",
        "nine unrelated llamas",
        "x7#Kq9!vLp2m",
        "пароль из пяти слов тут",
        "🎥🐑🍋🚲🎈🧊🪁🥁🧭🪗",
        "e\u0301" * 5 + "kwzpt",
    ],
)
async def test_passwords_of_any_script_are_taken_and_found_again(password: str) -> None:
    import unicodedata

    passwords = Passwords(CHEAP)
    assert await passwords.fault(password) is None
    stored = await passwords.hash(password)
    assert stored.startswith("$argon2id$")
    composed = unicodedata.normalize("NFC", password)
    assert (await passwords.check(stored, composed)).is_right
    assert not (await passwords.check(stored, password + " ")).is_right
    assert not (await passwords.check("no hash", password)).is_right
    passwords.close()


async def test_half_a_surrogate_is_no_error() -> None:
    passwords = Passwords(CHEAP)
    stored = await passwords.hash("nine unrelated \ud800")
    assert (await passwords.check(stored, "nine unrelated \ud800")).is_right
    passwords.close()
