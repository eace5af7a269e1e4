"""The key that browsers know the server by: made once, kept private, the same for a cluster."""

import base64
import logging
import stat
from pathlib import Path

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key

from accounts.push.encryption import BrowserKeys, encrypted
from accounts.push.vapid import VapidKey, VapidKeyError
from tests.accounts.alerts.push_service import Browser, unb64

SECRET = base64.urlsafe_b64encode(bytes(range(1, 33))).rstrip(b"=").decode()


def test_it_is_made_at_the_first_start_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "data" / "push-key.txt"
    first = VapidKey.open(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert VapidKey.open(path).public_text == first.public_text
    assert len(unb64(first.public_text)) == 65
    assert [each.name for each in path.parent.iterdir()] == ["push-key.txt"]


def test_of_several_that_start_together_one_makes_it(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as threads:
        keys = list(threads.map(lambda _: VapidKey.open(tmp_path / "key").public_text, range(8)))
    assert len(set(keys)) == 1


def test_it_can_be_given_in_the_settings() -> None:
    assert VapidKey.of_text(SECRET).public_text == VapidKey.of_text(SECRET + "=").public_text


@pytest.mark.parametrize("text", ["AAAA", "é", "not base64!", "A" * 43])
def test_what_is_no_key_is_refused_and_not_repeated(text: str, tmp_path: Path) -> None:
    with pytest.raises(VapidKeyError, match="expected 32 bytes") as raised:
        VapidKey.of_text(text)
    assert text not in str(raised.value)
    (tmp_path / "key").write_text(text, "utf-8")
    with pytest.raises(VapidKeyError, match="expected"):
        VapidKey.open(tmp_path / "key")


def test_the_private_half_shows_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    key = VapidKey.of_text(SECRET)
    header = key.authorization("https://push.example.org", "mailto:a@example.org", 0)
    assert SECRET not in repr(key) + header + caplog.text


def test_one_token_is_made_for_each_service_until_it_grows_old() -> None:
    key = VapidKey.of_text(SECRET)

    def header(origin: str, now_s: float) -> str:
        return key.authorization(origin, "mailto:a@example.org", now_s)

    first = header("https://one.example", 0)
    assert header("https://one.example", 10 * 3600) == first
    assert header("https://two.example", 0) != first
    assert header("https://one.example", 11.5 * 3600) != first


def test_the_same_alert_is_never_encrypted_alike() -> None:
    browser = Browser("https://push.example.org/1")
    point = unb64(browser.json()["p256dh"])
    made = {encrypted(b"{}", BrowserKeys(point, browser.auth)) for _ in range(3)}
    assert len(made) == 3
    for body in made:
        plain = http_ece.decrypt(
            body, private_key=browser.private, auth_secret=browser.auth, version="aes128gcm"
        )
        assert plain == b"{}"


def test_the_library_reads_the_example_of_the_specification() -> None:
    """RFC 8291, 5 and Appendix A: so what it writes is what browsers read."""
    private = derive_private_key(
        int.from_bytes(unb64("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94")), SECP256R1()
    )
    body = unb64(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
        "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
        "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    plain = http_ece.decrypt(
        body,
        private_key=private,
        auth_secret=unb64("BTBZMqHH6r4Tts7J_aSIgg"),
        version="aes128gcm",
    )
    assert plain == b"When I grow up, I want to be a watermelon"
