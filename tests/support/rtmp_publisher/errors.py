"""What a server may do to a publisher.

PublisherError
├── PublishRefusedError        the server said no, with a code
└── ServerClosedError          the server closed the connection
"""


class PublisherError(Exception):
    """The root of what the test publisher raises."""


class PublishRefusedError(PublisherError):
    """The server answered with an error; `code` is what encoders look at."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(f"{code}: {description}")
        self.code = code
        self.description = description


class ServerClosedError(PublisherError):
    """The server closed the connection while the publisher waited or wrote."""
