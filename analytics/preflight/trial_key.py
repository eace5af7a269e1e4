"""Test keys: those that begin with `rct_`, which measure a set-up.

So that one can be no stream key (`rc_...`), and no stream key one of these: neither is ever looked
for among the others.
"""

from typing import Final

from accounts.shown_once_key import KeyKind, ShownOnceKey
from accounts.shown_once_key import is_key_of as is_trial_key_of

TRIAL_KEY_PREFIX: Final = "rct_"
_KIND: Final = KeyKind(TRIAL_KEY_PREFIX)

NewTrialKey = ShownOnceKey
make_trial_key: Final = _KIND.make
trial_lookup: Final = _KIND.lookup_of

__all__ = [
    "TRIAL_KEY_PREFIX",
    "NewTrialKey",
    "is_meant_as_trial_key",
    "is_trial_key_of",
    "make_trial_key",
    "trial_lookup",
]


def is_meant_as_trial_key(text: str) -> bool:
    """Whether whoever sent this means a test key, a good one or not."""
    return text.startswith(TRIAL_KEY_PREFIX)
