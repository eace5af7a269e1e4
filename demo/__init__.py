"""A show without an encoder at hand: a picture with a running clock, and a tone, sent over RTMP."""

from demo.picture import PictureSize
from demo.publisher import DemoError, DemoPublisher, DemoShow

__all__ = ["DemoError", "DemoPublisher", "DemoShow", "PictureSize"]
