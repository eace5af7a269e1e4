"""Calls that may never return, made in a process of their own, which can be ended.

SVT-AV1's threads wait for each other for ever, seldom; nothing within the process can end that.
"""

import contextlib
import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

_LIMIT_S = 120
_ATTEMPTS = 3

Asked = ParamSpec("Asked")
Answered = TypeVar("Answered")


def in_own_process(
    function: Callable[Asked, Answered], *args: Asked.args, **kwargs: Asked.kwargs
) -> Answered:
    """Call a module's function elsewhere, again if it takes too long. Raises TimeoutError."""
    call = f"from {__name__} import answer; answer()"
    for _ in range(_ATTEMPTS):
        with contextlib.suppress(subprocess.TimeoutExpired):
            answered = subprocess.run(
                [sys.executable, "-c", call],
                input=pickle.dumps((function, args, kwargs)),
                stdout=subprocess.PIPE,
                check=True,
                timeout=_LIMIT_S,
            )
            result = pickle.loads(answered.stdout)  # noqa: S301 - written by our own child
            return cast("Answered", result)
    raise TimeoutError(f"expected an answer within {_LIMIT_S} s, got none {_ATTEMPTS} times")


def answer() -> None:
    """Make the call that standard input asks for; its result goes to standard output."""
    function, args, kwargs = pickle.load(sys.stdin.buffer)  # noqa: S301 - written by our parent
    sys.stdout.buffer.write(pickle.dumps(function(*args, **kwargs)))
