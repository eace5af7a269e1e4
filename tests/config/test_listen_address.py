import pytest

from config.listen_address import ListenAddress, format_listen_address, parse_listen_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:8080", ("127.0.0.1", 8080)),
        ("localhost:0", ("localhost", 0)),
        ("[::1]:65535", ("::1", 65535)),
        (":8080", ("0.0.0.0", 8080)),
    ],
)
def test_an_address_is_read_as_people_write_it(text: str, address: tuple[str, int]) -> None:
    assert parse_listen_address(text) == ListenAddress(*address)


@pytest.mark.parametrize("text", ["8080", "", "host:", "host:x", "host:65536", "::1:80", "h:-1"])
def test_what_is_no_address_is_refused_with_the_form_expected(text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        parse_listen_address(text)


def test_an_address_in_a_url_has_brackets_only_around_ipv6() -> None:
    assert format_listen_address("::1", 80) == "[::1]:80"
    assert format_listen_address("127.0.0.1", 80) == "127.0.0.1:80"
