"""Password hashes: what argon2id makes is found again, whoever made it and with whatever cost."""

import pytest

from accounts.people.password_hash import PasswordHash

PASSWORD = "five words and a dïgit".encode()
LEAST = PasswordHash(memory_kib=8, passes=1, lanes=1)
# Made by argon2-cffi, which was used before, and is built from the algorithm's own authors'
# program.
KNOWN = {
    "one lane": (
        b"correct horse battery",
        (
            "$argon2id$v=19$m=7168,t=5,p=1$XKrZOym4XAd73ktWvBY1dg"
            "$44u86+9Hzsq8bRAO16yv+URuBHXQqhNcF+xGXEO5J/U"
        ),
    ),
    "two lanes": (
        b"password",
        (
            "$argon2id$v=19$m=64,t=2,p=2$FMg9Km2l+1YXHuBXmFFGyg$bX"
            "JgOp68/tR495lLq9er4vTI/Cz40HIckxO9A+VlFBw"
        ),
    ),
}


@pytest.mark.parametrize(
    "cost",
    [LEAST, PasswordHash(memory_kib=64, passes=3, lanes=1), PasswordHash(32, 2, lanes=4)],
    ids=["least", "more", "four lanes"],
)
def test_a_hash_names_its_cost_and_matches_its_password_alone(cost: PasswordHash) -> None:
    stored = cost.make(PASSWORD)
    wanted = f"$argon2id$v=19$m={cost.memory_kib},t={cost.passes},p={cost.lanes}$"
    assert stored.startswith(wanted)
    assert stored != cost.make(PASSWORD)
    assert LEAST.matches(stored, PASSWORD)
    assert not LEAST.matches(stored, PASSWORD + b"\0")
    assert not cost.is_outdated(stored)
    assert PasswordHash(cost.memory_kib, cost.passes + 1, cost.lanes).is_outdated(stored)


@pytest.mark.parametrize("name", KNOWN)
def test_hashes_of_other_programs_match(name: str) -> None:
    password, stored = KNOWN[name]
    assert LEAST.matches(stored, password)
    assert not LEAST.matches(stored, password + b" ")
    assert LEAST.is_outdated(stored)


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "no hash",
        "$argon2id$v=19$m=8,t=1,p=1$",
        "$argon2i$v=19$m=8,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$" + "A" * 43,
        "é" * 60,
        "A" * 200,
    ],
    ids=["nothing", "text", "cut off", "another kind", "not ASCII", "too long"],
)
def test_what_is_no_hash_matches_nothing(stored: str) -> None:
    assert not LEAST.matches(stored, PASSWORD)
