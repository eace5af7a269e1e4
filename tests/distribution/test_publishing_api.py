"""The publishing API: where encoders connect."""

import json

from distribution.publishing_api import PublishAddress
from tests.distribution.conftest import Serve


async def test_pages_can_ask_where_encoders_connect(serve: Serve) -> None:
    served = await serve(publish_address=PublishAddress(rtmp_port=1935, rtmps_port=1936))
    response, body = await served.get("/api/v1/publishing")
    assert response.status == 200
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Cache-Control"] == "no-store"
    assert json.loads(body) == {
        "rtmpPort": 1935,
        "rtmpsPort": 1936,
        "needsKey": True,
        "hasAccounts": False,
    }


async def test_a_server_without_encoders_says_nothing(serve: Serve) -> None:
    served = await serve()
    response, _ = await served.get("/api/v1/publishing")
    assert response.status == 404
