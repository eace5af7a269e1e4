"""What axe finds wrong with a page for keyboards and screen readers."""

from pathlib import Path
from typing import Any

from playwright.async_api import Page

_SOURCE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
_SERIOUS = {"serious", "critical"}


async def serious_issues(page: Page) -> list[str]:
    """Return one line for each element with a serious issue: the rule, the element, what to do.

    Evaluated by the browser's debugger, which the page's security policy does not bind.
    """
    await page.evaluate(_SOURCE.read_text("utf-8"))
    found: list[dict[str, Any]] = (await page.evaluate("axe.run(document)"))["violations"]
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for rule in found
        if rule["impact"] in _SERIOUS
        for node in rule["nodes"]
    ]
