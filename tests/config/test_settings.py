from pathlib import Path

import pytest

from config.settings import SettingsError, load_settings
from packager.cadence import LatencyProfile


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for variable in [name for name in os.environ if name.startswith("RILLCAST_")]:
        monkeypatch.delenv(variable)


def write(folder: Path, text: str) -> Path:
    file = folder / "rillcast.toml"
    file.write_text(text)
    return file


def test_without_anything_the_server_listens_everywhere_on_the_usual_ports() -> None:
    settings = load_settings(None, {})
    assert (settings.http.host, settings.http.port) == ("0.0.0.0", 8080)
    assert (settings.rtmp.host, settings.rtmp.port) == ("0.0.0.0", 1935)
    assert not settings.open


def test_flags_win_over_the_environment_and_that_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(
        tmp_path,
        'channel = "a"\n[http]\nport = 1\nhost = "127.0.0.1"\n[packager]\nprofile = "low"\n',
    )
    monkeypatch.setenv("RILLCAST_HTTP__PORT", "2")
    monkeypatch.setenv("RILLCAST_RTMP__PORT", "3")
    monkeypatch.setenv("RILLCAST_PACKAGER__PACE__MAX_LEAD_S", "7.5")
    settings = load_settings(file, {"rtmp": {"port": 4}})
    assert settings.channel == "a"
    assert (settings.http.host, settings.http.port) == ("127.0.0.1", 2)
    assert settings.rtmp.port == 4
    assert settings.packager.profile is LatencyProfile.LOW
    assert settings.packager.pace.max_lead_s == 7.5


def test_collections_can_be_given_in_every_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(tmp_path, '[packager.profiles]\nstudio = "steady"\n')
    monkeypatch.setenv("RILLCAST_HTTP__ALLOWED_ORIGINS", '["https://example.org"]')
    settings = load_settings(file, {})
    assert settings.packager.profiles == {"studio": LatencyProfile.STEADY}
    assert settings.http.allowed_origins == ("https://example.org",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[http]\nprot = 1\n", "http.prot: unknown setting; did you mean 'port'?"),
        ("[htpp]\nport = 1\n", "htpp: unknown setting; did you mean 'http'?"),
        ("[packager.pace]\nmax_lead = 1\n", "did you mean 'max_lead_s'?"),
        ('[http]\nport = "many"\n', "http.port: input should be a valid integer.*got 'many'"),
        ("[http]\nport = 99999\n", "http: port: expected 0 to 65535, got 99999"),
        ('[packager]\nprofile = "fast"\n', "packager.profile.*'low', 'normal' or 'steady'.*'fast'"),
        ("port = = 1", "rillcast.toml"),
        ('channel = "live"\n', "channel: expected a channel name, got 'live'"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place_and_what_was_expected(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(SettingsError, match=said):
        load_settings(write(tmp_path, text), {})


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("RILLCAST_HTPP__PORT", "1", "htpp: unknown setting; did you mean 'http'?"),
        ("RILLCAST_HTTP__PROT", "1", "http.prot: unknown setting; did you mean 'port'?"),
        ("RILLCAST_HTTP__PORT", "x", "http.port"),
        ("RILLCAST_HTTP__ALLOWED_ORIGINS", "[not json", "ALLOWED_ORIGINS: expected a TOML value"),
    ],
)
def test_a_wrong_variable_is_refused(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, said: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError, match=said):
        load_settings(None, {})


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.toml: no such settings file"):
        load_settings(tmp_path / "nowhere.toml", {})


def test_an_open_server_stays_at_home() -> None:
    settings = load_settings(None, {"open": True})
    assert settings.http.host == settings.rtmp.host == "127.0.0.1"
    for host in ("127.0.0.2", "::1", "localhost"):
        assert load_settings(None, {"open": True, "rtmp": {"host": host}}).rtmp.host == host


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "example.org"])
@pytest.mark.parametrize("section", ["http", "rtmp"])
def test_an_open_server_elsewhere_is_refused_unless_forced(section: str, host: str) -> None:
    flags = {"open": True, section: {"host": host}}
    with pytest.raises(SettingsError, match=rf"open: anybody who reaches {section}\.host"):
        load_settings(None, flags)
    forced = load_settings(None, {**flags, "open_anywhere": True})
    assert getattr(forced, section).host == host


@pytest.mark.parametrize(
    ("files", "flags", "expected"),
    [
        ((), {}, True),
        (("stream-keys.toml",), {}, False),  # a server of before there were accounts
        (("stream-keys.toml", "accounts.db"), {}, True),
        (("stream-keys.toml",), {"accounts": {"enabled": True}}, True),
        (("stream-keys.toml",), {"accounts": {"database": {"url": "postgresql://h/n"}}}, True),
        ((), {"accounts": {"enabled": False}}, False),
        ((), {"open": True}, False),
        ((), {"open": True, "open_anywhere": True}, False),
    ],
)
def test_there_are_accounts_unless_keys_of_the_key_file_count(
    tmp_path: Path, files: tuple[str, ...], flags: dict[str, object], expected: bool
) -> None:
    for name in files:
        (tmp_path / name).touch()
    assert load_settings(None, {"data": tmp_path, **flags}).accounts.enabled == expected
