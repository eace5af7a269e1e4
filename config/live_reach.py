"""LiveReach: the arm of accounts that reaches who is live in this process."""

import asyncio

from ingest.publisher import RtmpServer
from packager.gateway import PackagerGateway
from packager.live import Publications


class LiveReach:
    """Implements accounts' LiveControl."""

    def __init__(self, publications: Publications) -> None:
        self._publications = publications
        self._rtmp: RtmpServer | None = None
        self._gateway: PackagerGateway | None = None

    def connect(self, rtmp: RtmpServer, gateway: PackagerGateway) -> None:
        """Say whom to reach: they are made with what accounts decide, and so come later."""
        self._rtmp, self._gateway = rtmp, gateway

    def live_channels(self) -> set[str]:
        """Return the channels that viewers can ask for here, ended shows included."""
        return {publication.channel for publication in self._publications}

    def principal_of(self, channel: str) -> str | None:
        """Return by whose right the channel is published to at the moment."""
        return None if self._rtmp is None else self._rtmp.principal_of(channel)

    def epochs(self) -> dict[str, str]:
        """Return the epoch of each channel's live output."""
        return {each.channel: each.epoch for each in self._publications}

    def cut(self, channel: str, reason: str, *, ends_show: bool) -> bool:
        """Show the publisher out, and take the show from its viewers if that is asked for."""
        was_on_air = self._rtmp is not None and self._rtmp.cut(channel, reason)
        if ends_show and self._gateway is not None:
            now = asyncio.get_running_loop().time()
            was_on_air = self._gateway.take_off(channel, now) or was_on_air
        return was_on_air
