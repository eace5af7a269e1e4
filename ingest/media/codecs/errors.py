"""What goes wrong when a publisher's bitstream is read.

BitstreamError (ValueError)   the publisher's bytes break the codec's specification
"""


class BitstreamError(ValueError):
    """A codec record or coded unit is not what its specification says: the publisher's fault."""
