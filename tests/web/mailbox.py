"""Links in mails that a server without a mail server has written to its data folder."""

import asyncio
import re
from email import message_from_bytes, policy
from pathlib import Path

LIMIT_S = 90.0
_PAUSE_S = 0.05


async def mailed_link(data: Path, to: str, page: str) -> str:
    """Wait for the newest mail to `to` that holds a link to this page, and return the link."""
    async with asyncio.timeout(LIMIT_S):
        while True:
            for path in sorted((data / "mail").glob("*.eml"), reverse=True):
                mail = message_from_bytes(path.read_bytes(), policy=policy.default)
                text = mail.get_content()
                link = re.search(rf"http://\S+/{re.escape(page)}#\S+", text)
                if mail["To"] == to and link is not None:
                    return link[0]
            await asyncio.sleep(_PAUSE_S)
