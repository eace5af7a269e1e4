"""Errors of the live model.

LiveError
|-- UnexpectedChangeError   whoever cuts broke the order of changes
|-- PublicationEndedError   a change or a publisher came after the end
|-- PublicationExistsError  the channel is on air already
`-- PublicationsFullError   the server holds as many as it may
"""


class LiveError(Exception):
    """Something the live model cannot do."""


class UnexpectedChangeError(LiveError):
    """A change does not follow from those before."""


class PublicationEndedError(LiveError):
    """The publication has ended and stays as it is."""


class PublicationExistsError(LiveError):
    """The channel has a publication that has not ended."""


class PublicationsFullError(LiveError):
    """There is no room for one more publication."""
