"""HttpSettings refuse what cannot work."""

import pytest

from distribution.settings import HttpSettings


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({"port": -1}, "port: expected 0 to 65535, got -1"),
        ({"connection_limit": 0}, "connection_limit: expected 1 or more, got 0"),
        ({"keep_alive_s": 0.0}, "keep_alive_s: expected more than 0, got 0.0"),
        ({"drain_s": -1.0}, "drain_s: expected 0 or more, got -1.0"),
        ({"write_limit_s": 5.0}, "write_limit_s: expected write_stall_s"),
        ({"allowed_origins": ("https://a.example/",)}, "allowed_origins: expected"),
        ({"allowed_origins": ("https://A.example",)}, "allowed_origins: expected"),
        ({"allowed_origins": ("a.example",)}, "allowed_origins: expected"),
        ({"allowed_origins": ("https://a\r\nX: b",)}, "allowed_origins: expected"),
        ({"allowed_origins": ("*", "https://a.example")}, "'\\*' alone"),
        ({"proxy_addresses": frozenset({"proxy"})}, "'proxy' does not appear to be"),
    ],
)
def test_settings_that_cannot_work_are_refused(wrong: dict[str, object], text: str) -> None:
    with pytest.raises(ValueError, match=text):
        HttpSettings(**wrong)  # type: ignore[arg-type] # by name


def test_settings_as_they_come_are_right() -> None:
    HttpSettings()
    HttpSettings(allowed_origins=("https://a.example", "http://localhost:5173", "http://[::1]:80"))
