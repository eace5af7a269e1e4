"""Stream keys in a file of the data folder: who may publish where, on a server without accounts."""

from ingest.keys.authorizer import KeyFileAuthorizer, OpenAuthorizer
from ingest.keys.errors import KeyFileError
from ingest.keys.key_file import KeyFile, StreamKey

__all__ = ["KeyFile", "KeyFileAuthorizer", "KeyFileError", "OpenAuthorizer", "StreamKey"]
