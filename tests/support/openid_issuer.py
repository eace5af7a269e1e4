"""A real OpenID Connect issuer in a process of its own: pyop, which shares no code with Authlib.

Signs in whoever the header X-User names, where a person would type. Checks clients' secrets,
redirect addresses and PKCE; claims come from its UserInfo endpoint, as Core, 5.4 has it.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from aiohttp import web

CLIENT_ID = "rillcast"
CLIENT_SECRET = "a secret of client and issuer"


@contextmanager
def openid_issuer(
    users: Mapping[str, Mapping[str, Any]], redirect_uris: list[str]
) -> Iterator[str]:
    """Run an issuer that knows these users; gives its address."""
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(json.dumps({"users": users, "redirect_uris": redirect_uris}) + "\n")
        process.stdin.flush()
        url = process.stdout.readline().strip()
        assert url.startswith("http://"), url
        yield url
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


class Issuer:
    """pyop behind four addresses."""

    def __init__(self, url: str, users: Mapping[str, Any], redirect_uris: list[str]) -> None:
        from Cryptodome.PublicKey import RSA
        from jwkest.jwk import RSAKey
        from pyop.authz_state import AuthorizationState
        from pyop.provider import Provider
        from pyop.subject_identifier import HashBasedSubjectIdentifierFactory
        from pyop.userinfo import Userinfo

        # pyop insists on TLS when it is made; what it says then is what it is told after.
        addresses = {
            "issuer": url,
            "authorization_endpoint": f"{url}/authorize",
            "token_endpoint": f"{url}/token",
            "userinfo_endpoint": f"{url}/userinfo",
            "jwks_uri": f"{url}/jwks",
        }
        described = {
            **{name: each.replace("http:", "https:") for name, each in addresses.items()},
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "scopes_supported": ["openid", "email", "profile"],
            "subject_types_supported": ["public"],
        }
        client = {
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "redirect_uris": redirect_uris,
            "response_types": ["code"],
            "token_endpoint_auth_method": "client_secret_basic",
            "subject_type": "public",
        }
        self._provider = Provider(
            RSAKey(key=RSA.generate(2048), kid="first", use="sig", alg="RS256"),
            described,
            AuthorizationState(HashBasedSubjectIdentifierFactory("salt")),
            {CLIENT_ID: client},
            Userinfo(dict(users)),
        )
        for name, address in addresses.items():
            self._provider.configuration_information[name] = address

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_get("/.well-known/openid-configuration", self._describe)
        router.add_get("/jwks", self._jwks)
        router.add_get("/authorize", self._authorize)
        router.add_post("/token", self._token)
        router.add_get("/userinfo", self._userinfo)

    async def _describe(self, request: web.Request) -> web.Response:
        assert request.url
        return web.json_response(self._provider.provider_configuration.to_dict())

    async def _jwks(self, request: web.Request) -> web.Response:
        assert request.url
        return web.json_response(self._provider.jwks)

    async def _authorize(self, request: web.Request) -> web.Response:
        from pyop.exceptions import InvalidAuthenticationRequest

        try:
            asked = self._provider.parse_authentication_request(request.query_string)
        except InvalidAuthenticationRequest as error:
            return web.Response(status=400, text=str(error))
        answer = self._provider.authorize(asked, request.headers["X-User"])
        return web.Response(status=303, headers={"Location": answer.request(asked["redirect_uri"])})

    async def _token(self, request: web.Request) -> web.Response:
        from pyop.exceptions import InvalidClientAuthentication, OAuthError

        try:
            answer = self._provider.handle_token_request(
                (await request.read()).decode(), dict(request.headers)
            )
        except InvalidClientAuthentication:
            return web.json_response({"error": "invalid_client"}, status=401)
        except OAuthError as error:
            return web.json_response({"error": error.oauth_error}, status=400)
        return web.json_response(answer.to_dict())

    async def _userinfo(self, request: web.Request) -> web.Response:
        from pyop.exceptions import BearerTokenError, InvalidAccessToken

        try:
            answer = self._provider.handle_userinfo_request("", dict(request.headers))
        except (BearerTokenError, InvalidAccessToken):
            return web.json_response({"error": "invalid_token"}, status=401)
        return web.json_response(answer.to_dict())


async def _serve() -> None:
    import asyncio

    asked = json.loads(sys.stdin.readline())
    application = web.Application()
    runner = web.AppRunner(application)
    # The issuer has to know its address before anything is served.
    from tests.support.port import free_port

    port = free_port()
    url = f"http://127.0.0.1:{port}"
    Issuer(url, asked["users"], asked["redirect_uris"]).add_routes(application.router)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    sys.stdout.write(f"{url}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    import asyncio

    asyncio.run(_serve())
