"""Publications: what is on air on this server, by channel."""

from collections.abc import Iterator

from packager.live.errors import PublicationExistsError, PublicationsFullError
from packager.live.publication import Publication, PublicationState


class Publications:
    """The publications of this process, one a channel and at most `max_count`."""

    def __init__(self, max_count: int) -> None:
        self._max_count = max_count
        self._by_channel: dict[str, Publication] = {}

    def __len__(self) -> int:
        """Count all publications, ended ones that are still served included."""
        return len(self._by_channel)

    def __iter__(self) -> Iterator[Publication]:
        """Go through all publications, ended ones that are still served included."""
        return iter(list(self._by_channel.values()))

    def open(self, publication: Publication) -> None:
        """Put a publication on air, in the place of an ended one of its channel.

        Raises PublicationExistsError while another is on air, PublicationsFullError without room.
        """
        earlier = self._by_channel.get(publication.channel)
        if earlier is None and len(self._by_channel) >= self._max_count:
            raise PublicationsFullError(f"expected fewer than {self._max_count} publications")
        if earlier is not None:
            if earlier.state is not PublicationState.ENDED:
                raise PublicationExistsError(
                    f"channel {publication.channel} is {earlier.state.value}"
                )
            earlier.release()
        self._by_channel[publication.channel] = publication

    def get(self, channel: str) -> Publication | None:
        """Return the channel's publication, which may have ended, or None."""
        return self._by_channel.get(channel)

    def live(self) -> list[Publication]:
        """Return those that go on: neither ended nor stopped by their publisher."""
        return [
            publication
            for publication in self._by_channel.values()
            if publication.state is not PublicationState.ENDED and not publication.is_stopped
        ]

    def remove(self, channel: str) -> None:
        """Forget the channel's publication and its bytes, if there is one.

        Whoever waits for it is woken.
        """
        publication = self._by_channel.pop(channel, None)
        if publication is not None:
            publication.release()
