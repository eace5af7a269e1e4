"""How many pictures an account may send: decoding one takes seconds of a processor, and disk."""

from typing import Final

from accounts.api.throttle import Throttle

# Thirty at once, then thirty a day; avatars and artwork together, whether they were fit or not.
PICTURE_QUOTA: Final = Throttle("picture-quota", burst=30, per_minute=30 / (24 * 60))
