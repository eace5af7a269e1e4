import os
import resource
import stat
from pathlib import Path

import pytest

from ingest.keys import KeyFile, KeyFileAuthorizer, KeyFileError, OpenAuthorizer
from ingest.ports import Grant, PublishAttempt, Refusal, RefusalCode


@pytest.fixture
def key_file(tmp_path: Path) -> KeyFile:
    return KeyFile(tmp_path / "data" / "stream-keys.toml")


def attempt(key: str) -> PublishAttempt:
    return PublishAttempt(app="live", key=key, query={}, remote_host="127.0.0.1", encoder="test")


def test_a_fresh_key_is_random_kept_and_readable_by_its_owner_alone(key_file: KeyFile) -> None:
    key = key_file.ensure("studio")
    assert len(key.reveal()) == 24
    assert key_file.ensure("studio").reveal() == key.reveal()
    assert KeyFile(key_file.path).keys()["studio"].reveal() == key.reveal()
    assert stat.S_IMODE(key_file.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(key_file.path.parent.stat().st_mode) == 0o700
    assert key_file.ensure("other").reveal() != key.reveal()


def test_a_key_shows_neither_in_repr_nor_in_str(key_file: KeyFile) -> None:
    key = key_file.ensure("studio")
    assert key.reveal() not in f"{key!r} {key} {key_file.keys()!r}"


def test_a_renewed_key_voids_the_old_one_and_leaves_the_others(key_file: KeyFile) -> None:
    old, other = key_file.ensure("studio").reveal(), key_file.ensure("other").reveal()
    new = key_file.renew("studio").reveal()
    assert new != old
    assert {c: k.reveal() for c, k in key_file.keys().items()} == {"studio": new, "other": other}
    assert key_file.remove("studio")
    assert not key_file.remove("studio")
    assert list(key_file.keys()) == ["other"]


def test_a_changed_file_counts_without_a_restart(key_file: KeyFile) -> None:
    key_file.ensure("studio")
    key_file.path.write_text('second = "0123456789abcdef"\n')
    assert list(key_file.keys()) == ["second"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("not toml at all = = secret-secret-secret", "not valid TOML"),
        ('studio = "short"', "16 or more"),
        ("studio = 5", "16 or more"),
        ('"no/name" = "0123456789abcdef"', "not a channel name"),
        ('live = "0123456789abcdef"', "not a channel name"),
        ('a = "0123456789abcdef"\nb = "0123456789abcdef"', "same key"),
    ],
)
def test_an_unusable_file_is_named_with_what_was_expected_and_no_secret(
    key_file: KeyFile, text: str, said: str
) -> None:
    key_file.path.parent.mkdir()
    key_file.path.write_text(text)
    with pytest.raises(KeyFileError, match=said) as caught:
        key_file.keys()
    assert str(key_file.path) in str(caught.value)
    assert "0123456789abcdef" not in str(caught.value)
    assert "secret-secret" not in str(caught.value)


def test_a_folder_that_cannot_be_looked_into_is_said(key_file: KeyFile) -> None:
    key_file.path.parent.write_text("a file where a folder should be")
    with pytest.raises(KeyFileError, match="cannot read the stream keys: Not a directory"):
        key_file.keys()


def test_a_full_disk_leaves_the_old_keys_and_no_copy_of_the_new(key_file: KeyFile) -> None:
    key = key_file.ensure("studio").reveal()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        with pytest.raises(KeyFileError, match="cannot write the stream keys"):
            key_file.renew("studio")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert KeyFile(key_file.path).keys()["studio"].reveal() == key
    assert list(key_file.path.parent.iterdir()) == [key_file.path]


def test_a_key_written_by_hand_survives_whatever_it_holds(key_file: KeyFile) -> None:
    odd = 'quo"te \\ back\tslash and ü'
    key_file.path.parent.mkdir()
    key_file.path.write_text("a = 'quo\"te \\ back\tslash and ü'\n", "utf-8")
    assert key_file.keys()["a"].reveal() == odd
    key_file.renew("b")
    assert KeyFile(key_file.path).keys()["a"].reveal() == odd


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can write for others")
def test_keys_that_root_changes_stay_readable_to_the_service(key_file: KeyFile) -> None:
    nobody = 65_534
    key_file.path.parent.mkdir(mode=0o700)
    os.chown(key_file.path.parent, nobody, nobody)
    for _ in range(2):  # a new file, and one that is there
        key_file.renew("studio")
        status = key_file.path.stat()
        assert (status.st_uid, status.st_gid) == (nobody, nobody)
        assert stat.S_IMODE(status.st_mode) == 0o600


def test_no_key_is_made_for_an_impossible_channel(key_file: KeyFile) -> None:
    with pytest.raises(KeyFileError, match="channel name"):
        key_file.renew("../etc")


async def test_the_right_key_grants_its_channel_and_a_wrong_one_is_refused(
    key_file: KeyFile,
) -> None:
    key = key_file.ensure("studio").reveal()
    other = key_file.ensure("other").reveal()
    authorizer = KeyFileAuthorizer(key_file)
    assert await authorizer.authorize_publish(attempt(key)) == Grant("studio", "key-of:studio")
    assert await authorizer.authorize_publish(attempt(other)) == Grant("other", "key-of:other")
    for wrong in ("", "studio", key[:-1], key + "x", "\udcff", "ключ"):
        refusal = await authorizer.authorize_publish(attempt(wrong))
        assert isinstance(refusal, Refusal)
        assert refusal.code is RefusalCode.UNKNOWN_KEY
        assert refusal.text.startswith("Unknown stream key" if wrong else "No stream key came")


async def test_nobody_is_let_in_while_the_file_is_broken(key_file: KeyFile) -> None:
    key = key_file.ensure("studio").reveal()
    key_file.path.write_text("broken =")
    refusal = await KeyFileAuthorizer(key_file).authorize_publish(attempt(key))
    assert isinstance(refusal, Refusal)
    assert refusal.code is RefusalCode.UNAVAILABLE


async def test_the_open_server_takes_any_possible_channel_name_and_no_other() -> None:
    authorizer = OpenAuthorizer()
    assert await authorizer.authorize_publish(attempt("one-2_3")) == Grant(
        "one-2_3", "open:one-2_3"
    )
    for impossible in ("", "-a", "a/b", "live", "LIVE", "a" * 65, "ä"):
        assert isinstance(await authorizer.authorize_publish(attempt(impossible)), Refusal)
