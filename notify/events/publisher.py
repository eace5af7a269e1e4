"""Publishers: what those who run a channel should know of its encoder."""

from notify.events.event import Event


class PublisherWarned(Event):
    """What is published could be better. For those who run or moderate the channel."""

    TYPE = "publisher.warned"
    HEARD_ON = ("channel:NAME",)
    IS_FACT = False

    channel: str
    code: str
    text: str
