"""Speakers in one process: people who talk in one room at a steady pace, over WebSockets.

    .venv/bin/python -m bench.load.speakers http://127.0.0.1:8080 --cookies cookies.txt \\
        --channel studio --per-s 200 --seconds 30

Each line of the file is one speaker's cookie; they speak in turn. A line of JSON on stdout says
what was asked, said and refused, and how long each answer took, in milliseconds.
"""

import argparse
import asyncio
import json
import random
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import aiohttp
import uvloop

_TEXT = (Path(__file__).parents[2] / "docs" / "accounts.md").read_text()
_WORDS = [word for word in _TEXT.split() if word.isalpha()]
_LINE_WORDS = range(2, 20)
_ANSWER_LIMIT_S = 10.0


class Speaker:
    """One WebSocket that says things and notes what became of them."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, channel: str) -> None:
        self._socket = socket
        self._channel = channel
        self._asked: dict[int, float] = {}
        self._answered = asyncio.Condition()
        self.answers_ms: list[float] = []
        self.outcomes: Counter[str] = Counter()

    async def say(self, number: int) -> None:
        """Say something; the answer comes later."""
        self._asked[number] = time.monotonic()
        # Lines that are alike would be compressed better than what people say.
        chance = random.Random(number)
        words = chance.choices(_WORDS, k=chance.choice(_LINE_WORDS))
        text = f"{number} {' '.join(words)}"
        await self._socket.send_json(
            {"type": "say", "channel": self._channel, "text": text, "ref": number}
        )

    async def listen(self) -> None:
        """Take answers until the connection ends."""
        async for message in self._socket:
            said = json.loads(message.data)
            began_s = self._asked.pop(said.get("ref", -1), None)
            if began_s is not None:
                self.answers_ms.append((time.monotonic() - began_s) * 1000)
                self.outcomes[said.get("code", said["type"])] += 1
                async with self._answered:
                    self._answered.notify_all()

    async def settle(self) -> None:
        """Wait for what was not answered yet, but not for ever."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_ANSWER_LIMIT_S):
                async with self._answered:
                    await self._answered.wait_for(lambda: not self._asked)


async def _speak(options: argparse.Namespace) -> None:
    cookies = options.cookies.read_text().split()
    origin = {"Origin": options.url}
    async with aiohttp.ClientSession(options.url) as session:
        speakers = []
        for cookie in cookies:
            headers = origin | {"Cookie": f"rillcast={cookie}"}
            socket = await session.ws_connect("/ws", headers=headers)
            speakers.append(Speaker(socket, options.channel))
        tasks = [asyncio.create_task(each.listen()) for each in speakers]
        began_s, count = time.monotonic(), int(options.per_s * options.seconds)
        for number in range(count):
            await asyncio.sleep(max(0.0, began_s + number / options.per_s - time.monotonic()))
            await speakers[number % len(speakers)].say(number)
        await asyncio.wait([asyncio.create_task(each.settle()) for each in speakers])
        for task in tasks:
            task.cancel()
        outcomes: Counter[str] = Counter()
        for each in speakers:
            outcomes += each.outcomes
        answers_ms = [delay for each in speakers for delay in each.answers_ms]
        print(json.dumps({"asked": count, "outcomes": outcomes, "answers_ms": answers_ms}))


def main() -> None:
    """Speak for a while."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", help="http://HOST:PORT")
    parser.add_argument("--cookies", type=Path, required=True)
    parser.add_argument("--channel", required=True)
    parser.add_argument("--per-s", type=float, default=200)
    parser.add_argument("--seconds", type=float, default=30)
    uvloop.run(_speak(parser.parse_args()))


if __name__ == "__main__":
    main()
