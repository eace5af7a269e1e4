"""IssuerClient: asks one OpenID Connect issuer, within limits of time and size.

Authlib speaks the protocol (authorization code with PKCE) and checks ID tokens. Source: OpenID
Connect Core 1.0, Discovery 1.0, RFC 7636, RFC 9700.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from accounts.people.errors import IssuerError
from accounts.people.settings import OpenIdIssuer

_SCOPE: Final = "openid email profile"
_DISCOVERY_PATH: Final = "/.well-known/openid-configuration"
# Signatures that only the issuer can make: never "none", and never one with a shared secret, for
# which a public key could be taken (RFC 8725, 2.1).
_ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "ES512", "EdDSA")
_DEFAULT_ALGORITHM: Final = "RS256"  # Discovery, 3: every issuer must support it
_DESCRIPTION_S: Final = 3600.0
_LEEWAY_S: Final = 60
_NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})
_SUBJECT_CHARACTERS: Final = 255  # Core, 2: at most 255 ASCII characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What the issuer vouches for. `email` is None unless it says that it has verified it."""

    issuer: str
    subject: str
    email: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class _Description:
    """What the issuer says of itself."""

    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str | None
    authentication: str  # of ourselves at the token endpoint
    algorithms: tuple[str, ...]
    read_at: float
    keys: KeySet = field(repr=False)


class _LimitedTransport(httpx2.AsyncHTTPTransport):
    """Ends answers that are longer than they may be, before they fill the memory."""

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(retries=0)
        self._limit_bytes = limit_bytes

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        request.headers["Accept-Encoding"] = "identity"  # what is counted is what is held
        response = await super().handle_async_request(request)
        if "content-encoding" in response.headers:
            await response.aclose()
            raise IssuerError("the issuer compressed its answer although asked not to")
        assert isinstance(response.stream, httpx2.AsyncByteStream)  # noqa: S101 - an async transport's
        response.stream = _LimitedStream(response.stream, self._limit_bytes)
        return response


class _LimitedStream(httpx2.AsyncByteStream):
    def __init__(self, stream: httpx2.AsyncByteStream, limit_bytes: int) -> None:
        self._stream = stream
        self._left_bytes = limit_bytes

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._stream:
            self._left_bytes -= len(chunk)
            if self._left_bytes < 0:
                raise IssuerError("the issuer's answer is too long")
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()


class IssuerClient:
    """One issuer of the settings. What it says of itself is read at first use, and hourly."""

    def __init__(self, issuer: OpenIdIssuer, timeout_s: float, answer_bytes: int) -> None:
        self._issuer = issuer
        self._timeout_s = timeout_s
        self._answer_bytes = answer_bytes
        self._description: _Description | None = None
        self._reading = asyncio.Lock()

    @property
    def issuer(self) -> str:
        """The issuer as it names itself."""
        return self._issuer.issuer

    async def authorization_url(
        self, redirect_uri: str, *, state: str, nonce: str, verifier: str
    ) -> str:
        """Return where to send the browser. Raises IssuerError."""
        described = await self._described()
        async with self._client(redirect_uri, described) as client:
            url, _ = client.create_authorization_url(
                described.authorization_endpoint,
                state=state,
                code_verifier=verifier,
                nonce=nonce,
            )
        return str(url)

    async def redeem(self, redirect_uri: str, *, code: str, nonce: str, verifier: str) -> Claims:
        """Exchange a code for what the issuer vouches for. Raises IssuerError."""
        described = await self._described()
        try:
            async with (
                asyncio.timeout(self._timeout_s),
                self._client(redirect_uri, described) as client,
            ):
                token = await client.fetch_token(
                    described.token_endpoint, code=code, code_verifier=verifier
                )
        except (
            AuthlibBaseError,
            httpx2.HTTPError,
            TimeoutError,
            ValueError,
            RecursionError,
        ) as error:
            raise IssuerError(f"the issuer did not take the code: {type(error).__name__}") from None
        claims = await self._claims_of(token, nonce)
        if "email" not in claims and described.userinfo_endpoint is not None:
            # Core, 5.4: what scopes ask for may come from there alone.
            claims.update(await self._more_claims(described.userinfo_endpoint, token, claims))
        return self._read(claims)

    async def _more_claims(
        self, url: str, token: dict[str, Any], claims: dict[str, Any]
    ) -> dict[str, Any]:
        bearer = token.get("access_token")
        if not isinstance(bearer, str):
            return {}
        said = await self._get(url, {"Authorization": f"Bearer {bearer}"})
        # Core, 5.3.2: "if they do not match, the UserInfo Response values MUST NOT be used."
        if said.get("sub") != claims.get("sub"):
            return {}
        return {name: said[name] for name in ("email", "email_verified", "name") if name in said}

    async def _claims_of(self, token: Any, nonce: str) -> dict[str, Any]:
        text = token.get("id_token") if isinstance(token, dict) else None
        if not isinstance(text, str):
            raise IssuerError("the issuer sent no ID token")
        described = await self._described()
        try:
            try:
                decoded = _decode(text, described)
            except InvalidKeyIdError:  # the issuer has changed its keys
                decoded = _decode(text, await self._described(is_stale=True))
            claims = CodeIDToken(
                decoded.claims,
                decoded.header,
                {
                    "iss": {"essential": True, "value": self._issuer.issuer},
                    "aud": {"essential": True, "value": self._issuer.client_id},
                },
                {
                    "nonce": nonce,
                    "client_id": self._issuer.client_id,
                    "access_token": token.get("access_token"),
                },
            )
            claims.validate(leeway=_LEEWAY_S)
        except (JoseError, AuthlibBaseError, ValueError, TypeError, KeyError) as error:
            raise IssuerError(f"the ID token proves nothing: {type(error).__name__}") from None
        return dict(claims)

    def _read(self, claims: dict[str, Any]) -> Claims:
        subject = claims.get("sub")
        if not isinstance(subject, str) or not 0 < len(subject) <= _SUBJECT_CHARACTERS:
            raise IssuerError("the ID token names nobody")
        email, name = claims.get("email"), claims.get("name")
        # `is True`: some issuers send "false", a text that would count as true.
        is_verified = claims.get("email_verified") is True
        return Claims(
            issuer=self._issuer.issuer,
            subject=subject,
            email=email if is_verified and isinstance(email, str) else None,
            name=name if isinstance(name, str) else None,
        )

    async def _described(self, *, is_stale: bool = False) -> _Description:
        async with self._reading:
            known = self._description
            if known is not None and not is_stale and not _is_old(known):
                return known
            read = await self._read_description()
            self._description = read
            return read

    async def _read_description(self) -> _Description:
        said = await self._get(self._issuer.issuer.rstrip("/") + _DISCOVERY_PATH)
        # Discovery, 4.3: otherwise one issuer could speak for another.
        if said.get("issuer") != self._issuer.issuer:
            raise IssuerError("the issuer names itself otherwise than the settings do")
        offered = said.get("id_token_signing_alg_values_supported") or [_DEFAULT_ALGORITHM]
        algorithms = tuple(each for each in _ALGORITHMS if each in offered)
        if not algorithms:
            raise IssuerError("the issuer signs in no way that proves anything")
        try:
            listed: Any = await self._get(self._endpoint(said, "jwks_uri"))
            keys = KeySet.import_key_set(listed)
        except (JoseError, ValueError, TypeError, KeyError):
            raise IssuerError("the issuer's keys cannot be read") from None
        return _Description(
            authorization_endpoint=self._endpoint(said, "authorization_endpoint"),
            token_endpoint=self._endpoint(said, "token_endpoint"),
            userinfo_endpoint=(
                self._endpoint(said, "userinfo_endpoint") if "userinfo_endpoint" in said else None
            ),
            authentication=_authentication(said, has_secret=bool(self._issuer.client_secret)),
            algorithms=algorithms,
            read_at=time.monotonic(),
            keys=keys,
        )

    def _endpoint(self, said: dict[str, Any], name: str) -> str:
        url = said.get(name)
        schemes = ("https://", "http://") if self._issuer.allow_http else ("https://",)
        if not isinstance(url, str) or not url.startswith(schemes):
            raise IssuerError(f"the issuer's description has no usable {name}")
        return url

    async def _get(self, url: str, headers: Mapping[str, str] = _NO_HEADERS) -> dict[str, Any]:
        try:
            async with asyncio.timeout(self._timeout_s), self._plain_client() as client:
                response = await client.get(url, headers=dict(headers))
                response.raise_for_status()
                said = json.loads(response.content)
        except (httpx2.HTTPError, TimeoutError, ValueError, RecursionError) as error:
            raise IssuerError(f"the issuer cannot be asked: {type(error).__name__}") from None
        if not isinstance(said, dict):
            raise IssuerError("the issuer did not answer with an object")
        return said

    def _plain_client(self) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(
            transport=_LimitedTransport(self._answer_bytes),
            timeout=self._timeout_s,
            follow_redirects=False,  # an issuer's addresses are what it describes, nothing else
            trust_env=False,
        )

    def _client(self, redirect_uri: str, described: _Description) -> AsyncOAuth2Client:
        issuer = self._issuer
        return AsyncOAuth2Client(
            client_id=issuer.client_id,
            client_secret=issuer.client_secret or None,
            token_endpoint_auth_method=described.authentication,
            scope=_SCOPE,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            transport=_LimitedTransport(self._answer_bytes),
            timeout=self._timeout_s,
            follow_redirects=False,
            trust_env=False,
        )


def _decode(text: str, described: _Description) -> Any:
    registry = JWSRegistry(algorithms=list(described.algorithms), strict_check_header=False)
    return jwt.decode(text, key=described.keys, registry=registry)


def _authentication(said: dict[str, Any], *, has_secret: bool) -> str:
    if not has_secret:
        return "none"
    # Discovery, 3: "If omitted, the default is client_secret_basic".
    supported = said.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    return "client_secret_basic" if "client_secret_basic" in supported else "client_secret_post"


def _is_old(described: _Description) -> bool:
    return time.monotonic() - described.read_at > _DESCRIPTION_S
