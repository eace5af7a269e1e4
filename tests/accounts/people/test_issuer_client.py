"""An issuer that lies, dawdles or never stops talking."""

import asyncio
import gzip
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

from accounts.people.errors import IssuerError
from accounts.people.issuer_client import Claims, IssuerClient
from accounts.people.settings import OpenIdIssuer

KEY = RSAKey.generate_key(2048, {"kid": "first"})
OTHER = RSAKey.generate_key(2048, {"kid": "first"})
REDIRECT = "https://live.example.org/api/v1/openid/home/callback"
ANSWER_BYTES = 64 * 1024


@dataclass
class Liar:
    """Answers whatever it was told to."""

    url: str = ""
    keys: list[Any] = field(default_factory=lambda: [KEY])
    description: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    sign_with: Any = field(default_factory=lambda: KEY)
    id_token: str | None = None
    raw: dict[str, web.StreamResponse] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        if request.path in self.raw:
            return self.raw[request.path]
        match request.path:
            case "/.well-known/openid-configuration":
                return web.json_response(
                    {
                        "issuer": self.url,
                        "authorization_endpoint": f"{self.url}/authorize",
                        "token_endpoint": f"{self.url}/token",
                        "jwks_uri": f"{self.url}/jwks",
                        "userinfo_endpoint": f"{self.url}/userinfo",
                        "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
                    }
                    | self.description
                )
            case "/jwks":
                public = KeySet(self.keys).as_dict(private=False)
                return web.json_response(public)
            case "/userinfo":
                return web.json_response(self.userinfo)
            case "/token":
                return web.json_response(
                    {
                        "access_token": "a",
                        "token_type": "Bearer",
                        "id_token": self.id_token or self.made_token(),
                    }
                )
            case "/slow":
                await asyncio.sleep(60)
                return web.Response()
            case _:
                return web.Response(status=404)

    def made_token(self) -> str:
        now_s = int(time.time())
        claims = {
            "iss": self.url,
            "sub": "7",
            "aud": "rillcast",
            "iat": now_s,
            "exp": now_s + 300,
            "nonce": "n",
            "email": "ann@example.org",
            "email_verified": True,
        } | self.claims
        header = {"alg": "RS256", "kid": "first"} | self.header
        kept = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(header, kept, self.sign_with, algorithms=["RS256", "HS256"])


@pytest.fixture
async def liar() -> AsyncIterator[Liar]:
    made = Liar()
    application = web.Application()
    application.router.add_route("*", "/{tail:.*}", made.answer)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield made
    await runner.cleanup()


def client_of(liar: Liar, timeout_s: float = 60.0) -> IssuerClient:
    issuer = OpenIdIssuer(issuer=liar.url, client_id="rillcast", client_secret="s", allow_http=True)
    return IssuerClient(issuer, timeout_s, ANSWER_BYTES)


async def redeem(liar: Liar, timeout_s: float = 60.0) -> Claims:
    return await client_of(liar, timeout_s).redeem(REDIRECT, code="c", nonce="n", verifier="v" * 43)


async def test_the_truth_is_believed(liar: Liar) -> None:
    claims = await redeem(liar)
    assert claims == Claims(issuer=liar.url, subject="7", email="ann@example.org", name=None)


LIES: dict[str, dict[str, Any]] = {
    "another nonce": {"claims": {"nonce": "x"}},
    "no nonce": {"claims": {"nonce": None}},
    "another issuer": {"claims": {"iss": "https://evil.example"}},
    "for another client": {"claims": {"aud": "else"}},
    "for another client, with our azp": {"claims": {"aud": ["else"], "azp": "rillcast"}},
    "for several, azp of another": {"claims": {"aud": ["rillcast", "else"], "azp": "else"}},
    "for several, no azp": {"claims": {"aud": ["rillcast", "else"]}},
    "expired": {"claims": {"exp": int(time.time()) - 3600}},
    "without an end": {"claims": {"exp": None}},
    "issued tomorrow": {"claims": {"iat": int(time.time()) + 86_400}},
    "without a subject": {"claims": {"sub": None}},
    "an empty subject": {"claims": {"sub": ""}},
    "a number for a subject": {"claims": {"sub": 7}},
    "a long subject": {"claims": {"sub": "x" * 256}},
    "signed by another": {"sign_with": OTHER},
    "hash of another access token": {"claims": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}},
    "no algorithm": {"id_token": "eyJhbGciOiJub25lIn0.eyJzdWIiOiI3In0."},
    "not a token": {"id_token": "x"},
    "an object": {"id_token": {"sub": "7"}},
    "keyed with the client's secret": {
        "sign_with": OctKey.import_key("s" * 40),
        "header": {"alg": "HS256"},
    },
    "another name": {"description": {"issuer": "https://evil.example"}},
    "no algorithm that proves anything": {
        "description": {"id_token_signing_alg_values_supported": ["HS256", "none"]}
    },
    "a file for keys": {"description": {"jwks_uri": "file:///etc/passwd"}},
    "no token endpoint": {"description": {"token_endpoint": None}},
    "no keys": {"keys": []},
}


@pytest.mark.parametrize("lie", LIES)
async def test_no_lie_is_believed(liar: Liar, lie: str) -> None:
    for name, value in LIES[lie].items():
        setattr(liar, name, value)
    with pytest.raises(IssuerError) as caught:
        await redeem(liar)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("said", [False, "true", "false", 1, None])
async def test_only_a_plain_true_verifies_an_address(liar: Liar, said: Any) -> None:
    liar.claims["email_verified"] = said
    assert (await redeem(liar)).email is None


async def test_more_claims_are_read_for_the_same_subject_alone(liar: Liar) -> None:
    liar.claims = {"email": None, "email_verified": None}
    liar.userinfo = {"sub": "7", "email": "ann@example.org", "email_verified": True}
    assert (await redeem(liar)).email == "ann@example.org"
    liar.userinfo["sub"] = "8"
    assert (await redeem(liar)).email is None


async def test_an_issuer_may_change_its_keys(liar: Liar) -> None:
    client = client_of(liar)
    await client.redeem(REDIRECT, code="c", nonce="n", verifier="v" * 43)
    newer = RSAKey.generate_key(2048, {"kid": "second"})
    liar.keys, liar.sign_with, liar.header = [newer], newer, {"kid": "second"}
    claims = await client.redeem(REDIRECT, code="c", nonce="n", verifier="v" * 43)
    assert claims.subject == "7"


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/jwks", "/token"])
async def test_an_answer_that_is_too_long_is_not_read_to_its_end(liar: Liar, path: str) -> None:
    liar.raw[path] = web.Response(body=b" " * (2 * ANSWER_BYTES), content_type="application/json")
    with pytest.raises(IssuerError):
        await redeem(liar)


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token"])
async def test_a_compressed_answer_is_not_unpacked(liar: Liar, path: str) -> None:
    liar.raw[path] = web.Response(
        body=gzip.compress(b" " * 50_000_000),
        headers={"Content-Encoding": "gzip", "Content-Type": "application/json"},
    )
    with pytest.raises(IssuerError):
        await redeem(liar)


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/jwks", "/token"])
async def test_no_redirection_is_followed(liar: Liar, path: str) -> None:
    liar.raw[path] = web.Response(status=302, headers={"Location": f"{liar.url}/elsewhere"})
    with pytest.raises(IssuerError):
        await redeem(liar)
    assert "/elsewhere" not in liar.asked


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b'"x"', b"{", b"[" * 10_000, b"\xff", b'{"keys": 7}']
)
@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/jwks", "/token"])
async def test_odd_answers_are_refused(liar: Liar, path: str, body: bytes) -> None:
    liar.raw[path] = web.Response(body=body, content_type="application/json")
    with pytest.raises(IssuerError):
        await redeem(liar)


async def test_a_slow_issuer_is_given_up(liar: Liar) -> None:
    liar.description["jwks_uri"] = f"{liar.url}/slow"
    with pytest.raises(IssuerError):
        await redeem(liar, timeout_s=0.2)
