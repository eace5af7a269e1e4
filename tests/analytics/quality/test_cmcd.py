"""CMCD: the examples of CTA-5004, and what nobody should have sent."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.quality.cmcd import MAX_CMCD_BYTES, STARVED, Cmcd, read_cmcd

SESSION = 'sid="6e2fb550-c457-11e9-bb97-0800200c9a66"'

# CTA-5004, 4: what players send, decoded.
EXAMPLES = [
    (SESSION, Cmcd()),
    (
        f"br=3200,bs,d=4004,mtp=25400,ot=v,rtp=15000,{SESSION},tb=6000",
        Cmcd(None, 25400, 3200, "v", True),
    ),
    (f"b,rtp=15000,{SESSION}", Cmcd()),
    (f"bs,su,{SESSION}", Cmcd(has_starved=True, is_urgent=True)),
    (
        f'd=4004,com.example-myNumericKey=500,com.examplemyStringKey="myStringValue",{SESSION}',
        Cmcd(),
    ),
    ('nor="..%2F300kbps%2Fsegment35.m4v",nrr="12323-48763",' + SESSION, Cmcd()),
    (
        (
            'bl=21300,br=3200,bs,cid="faec5fc2-ac30-11ea-bb37-0242ac130002",d=4004,dl=18500,'
            'mtp=48100,nor="..%2F300kbps%2Ftrack.m4v",nrr="12323-48763",ot=v,pr=1.08,rtp=12000,'
            f"sf=d,{SESSION},st=v,su,tb=6000"
        ),
        Cmcd(21300, 48100, 3200, "v", True, True),
    ),
]

HOSTILE = [
    (b"", Cmcd()),
    (b",,,,", Cmcd()),
    (b"bl=", Cmcd(bad_values=1)),
    (b"bl=-1", Cmcd(bad_values=1)),
    (b"bl=1e9", Cmcd(bad_values=1)),
    (b"bl=1234567890", Cmcd(bad_values=1)),
    (b"bl=NaN,br=0x10,mtp=+5", Cmcd(bad_values=3)),
    (b"ot=movie", Cmcd(bad_values=1)),
    (b"ot", Cmcd(bad_values=1)),
    (b"bs=maybe", Cmcd(bad_values=1)),
    (b"bs=false,su=?0", Cmcd()),
    (b"bs=true,su=?1", Cmcd(has_starved=True, is_urgent=True)),
    (b"bl=100,bl=200", Cmcd(200)),
    (b'cid="bl=5,bs,mtp=9"', Cmcd()),
    (b'cid="a\\"bl=5,bs",bl=7', Cmcd(7)),
    (b'cid="never ends,bl=5', Cmcd()),
    (b"cid%3D%22bl%3D5%2Cbs%22%2Cbl%3D7", Cmcd(7)),
    (b"%62%6c=%37", Cmcd(7)),
    (b"%", Cmcd()),
    (b"%zz%2", Cmcd()),
    (b"\xff\xfe=\x00,bl=3", Cmcd(3)),
    (b"b l=5, bl=6", Cmcd()),
    (b"bl=1," * 400, Cmcd(bad_values=1)),
]


@pytest.mark.parametrize(("text", "said"), EXAMPLES, ids=range(len(EXAMPLES)))
def test_examples_in_headers_and_in_the_query(text: str, said: Cmcd) -> None:
    assert read_cmcd(text.encode()) == said
    assert read_cmcd(quote(text, safe="").encode()) == said
    assert STARVED in text.encode() or not said.has_starved
    assert STARVED in quote(text, safe="").encode() or not said.has_starved


@pytest.mark.parametrize(("text", "said"), HOSTILE, ids=range(len(HOSTILE)))
def test_bad_values_are_counted_and_left_out(text: bytes, said: Cmcd) -> None:
    assert read_cmcd(text) == said


@given(st.binary(max_size=MAX_CMCD_BYTES + 10))
def test_nothing_raises_and_everything_is_bounded(text: bytes) -> None:
    said = read_cmcd(text)
    for value in (said.buffer_ms, said.throughput_kbps, said.bitrate_kbps):
        assert value is None or 0 <= value < 10**9
    assert said.bad_values <= text.count(b",") + text.lower().count(b"%2c") + 1
    assert STARVED in text or b"%" in text or not said.has_starved


KNOWN = st.fixed_dictionaries(
    {},
    optional={
        "bl": st.integers(0, 999_999_999),
        "br": st.integers(0, 999_999_999),
        "mtp": st.integers(0, 999_999_999),
        "ot": st.sampled_from(["m", "a", "v", "av", "i", "c", "tt", "k", "o"]),
        "bs": st.just(True),
        "su": st.just(True),
        "sid": st.text(st.characters(codec="ascii", exclude_characters='"\\'), max_size=60),
        "com.example-key": st.integers(),
    },
)


@given(KNOWN, st.booleans())
def test_what_is_written_is_read(said: dict[str, object], is_encoded: bool) -> None:
    items = []
    for key, value in sorted(said.items()):
        if value is True:
            items.append(key)
        else:
            items.append(f'{key}="{value}"' if key == "sid" else f"{key}={value}")
    text = ",".join(items)
    read = read_cmcd((quote(text, safe="") if is_encoded else text.replace("%", "")).encode())
    assert read == Cmcd(
        said.get("bl"),  # type: ignore[arg-type] # as they were drawn
        said.get("mtp"),  # type: ignore[arg-type]
        said.get("br"),  # type: ignore[arg-type]
        said.get("ot"),  # type: ignore[arg-type]
        "bs" in said,
        "su" in said,
    )
