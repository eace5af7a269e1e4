"""Pages of somebody who has signed in, in a browser context of their own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Page

from tests.support.accounts_server import PASSWORD
from tests.support.rillcast_server import RillcastServer
from tests.web.chromium import STATE_LIMIT_MS

SIGN_IN = """
async ([email, password]) => {
  const response = await fetch("/api/v1/sessions", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ email, password }),
  });
  return response.status;
}
"""


@asynccontextmanager
async def page_of(
    browser: Browser, server: RillcastServer, path: str, name: str | None = None
) -> AsyncIterator[Page]:
    """Open a page as somebody, or as a visitor. What its scripts throw fails the test."""
    context = await browser.new_context()
    context.set_default_timeout(STATE_LIMIT_MS)
    complaints: list[str] = []
    try:
        page = await context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if name is not None:
            await page.goto(server.http_url)
            status = await page.evaluate(SIGN_IN, [f"{name}@example.org", PASSWORD])
            assert status == 201, status
        await page.goto(f"{server.http_url}{path}")
        yield page
    finally:
        await context.close()
    assert complaints == []
