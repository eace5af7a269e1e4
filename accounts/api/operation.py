"""Operation: one method of one path, declared where it is implemented.

    class Channels:
        @operation("POST", "/channels", tag="channels", access=USER, scope="channels:write",
                   status=201, creates=True, problems=(NAME_TAKEN,))
        async def create_channel(self, call: Call, body: NewChannel) -> Answer[ChannelView]:
            '''Create a channel.

            More, for the document.
            '''

The parameters' names say what they are: `call` where it matters who asks; `body` and `query` are
ApiModels; each other one is a part of the path, `{name}` there, and is text. The answer is an
ApiModel, an Answer of one, or None (204). The function's name in camelCase is the operationId; its
docstring is what the document says.
"""

import inspect
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final, Generic, Literal, TypeVar, get_args, get_origin, get_type_hints

from aiohttp import web
from pydantic import BaseModel
from pydantic.alias_generators import to_camel

from accounts.api.caller import Caller
from accounts.api.etag import Precondition
from accounts.api.problem import PRECONDITION_REQUIRED, ProblemType
from accounts.api.throttle import Throttle

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Body = TypeVar("Body")
Function = TypeVar("Function", bound=Callable[..., Awaitable[Any]])

BODY_LIMIT_BYTES: Final = 64 * 1024
LEAVE_HEADER: Final = "Rillcast-Leave"
_ATTRIBUTE: Final = "__api_operation__"
_PATH_PARAMETER: Final = re.compile(r"\{(\w+)\}")


class Access(Enum):
    """Who may call an operation at all; what they may do with whose things, it decides itself."""

    ANYBODY = "anybody"
    USER = "user"  # who has signed in
    ADMIN = "admin"


ANYBODY: Final = Access.ANYBODY
USER: Final = Access.USER
ADMIN: Final = Access.ADMIN


@dataclass(frozen=True, slots=True)
class Answer(Generic[Body]):
    """An answer with more than a body. `etag` as `etag_of` makes it; `location` is a path.

    `prepare` may set cookies on the response that is about to be sent.
    """

    body: Body
    etag: str | None = None
    location: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    prepare: Callable[[web.StreamResponse], None] | None = None


@dataclass(frozen=True, slots=True)
class RawBody:
    """An answer that is no JSON: a file or a picture.

    Or, with `location`, a redirection, of an operation that is declared with status=303.
    """

    content: bytes = field(default=b"", repr=False)
    media_type: str = "application/octet-stream"
    headers: dict[str, str] = field(default_factory=dict)
    location: str | None = field(default=None, repr=False)
    prepare: Callable[[web.StreamResponse], None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request, as far as operations care.

    `address` is the client's, behind trusted proxies too. `if_match` is there for operations
    that edit. `raw` is the body where the operation takes one that is no JSON. `leave` is a token
    to watch by, for operations that take one.
    """

    caller: Caller
    address: str
    user_agent: str = ""
    if_match: Precondition | None = None
    raw: bytes = field(default=b"", repr=False)
    raw_type: str = ""
    leave: str | None = field(default=None, repr=False)
    request: web.Request = field(repr=False)

    @property
    def account_id(self) -> str:
        """The account of who asks. For operations with access USER or ADMIN alone."""
        if self.caller.account_id is None:
            raise RuntimeError("expected a signed-in caller: declare access=USER")
        return self.caller.account_id

    @property
    def precondition(self) -> Precondition:
        """What If-Match said. For operations with edits=True alone."""
        if self.if_match is None:
            raise PRECONDITION_REQUIRED.because()
        return self.if_match


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """All that the API and its document know of one operation."""

    method: Method
    path: str
    operation_id: str
    tag: str
    summary: str
    description: str
    access: Access
    scope: str | None
    status: int
    creates: bool
    edits: bool
    takes_leave: bool
    shows_secret: bool
    problems: tuple[ProblemType, ...]
    throttle: Throttle | None
    account_throttle: Throttle | None
    body: type[BaseModel] | None
    query: type[BaseModel] | None
    answer: type[BaseModel] | None
    has_etag: bool
    shared: bool
    raw_answer: tuple[str, ...]
    raw_body: tuple[str, ...]
    body_limit_bytes: int
    path_parameters: tuple[str, ...]
    takes_call: bool
    invoke: Callable[..., Awaitable[Any]]

    @property
    def takes_key(self) -> bool:
        """Whether an Idempotency-Key means something; nobody's answers are kept for nobody."""
        return self.creates and self.access is not Access.ANYBODY


def operation(
    method: Method,
    path: str,
    *,
    tag: str,
    access: Access,
    scope: str | None = None,
    status: int | None = None,
    creates: bool = False,
    edits: bool = False,
    takes_leave: bool = False,
    has_etag: bool = False,
    shared: bool = False,
    shows_secret: bool = False,
    problems: Sequence[ProblemType] = (),
    throttle: Throttle | None = None,
    account_throttle: Throttle | None = None,
    raw_body: Sequence[str] = (),
    raw_answer: Sequence[str] = (),
    body_limit_bytes: int = BODY_LIMIT_BYTES,
) -> Callable[[Function], Function]:
    """Declare a method of a resource as an operation; `path` stands behind /api/v1.

    `scope`: what a personal token must have; without it no personal token reaches the operation,
    and where anybody may, it counts for no more than no token at all. `creates`: takes an
    Idempotency-Key from those signed in. `edits`: demands If-Match, checked by the operation with
    `call.precondition.require(version)`. `takes_leave`: a token to watch by may come in a
    header, where no log holds it, and counts for who has no right of their own. `has_etag`:
    answers with an ETag, and 304 to who has it already (GET). `shared`: the answer is the same
    for everybody, and may be a second old where another process has changed what it says; the
    operation takes a query and nothing else, so that it cannot know who asks. `shows_secret`:
    the answer is never stored, not even for an Idempotency-Key.
    `throttle` counts networks and accounts, `account_throttle` accounts alone. `raw_body` and
    `raw_answer` are media types of what is no JSON.
    """

    def declare(function: Function) -> Function:
        hints = get_type_hints(function)
        names = [name for name in inspect.signature(function).parameters if name != "self"]
        in_path = tuple(_PATH_PARAMETER.findall(path))
        if set(names) - {"call", "body", "query"} != set(in_path):
            raise TypeError(f"{function.__qualname__}: expected parameters call, {in_path}")
        if shared and (set(names) - {"query"} or access is not Access.ANYBODY or method != "GET"):
            raise TypeError(f"{function.__qualname__}: expected a GET that knows nobody")
        answer = _answer_model(hints.get("return"))
        summary, _, description = inspect.cleandoc(function.__doc__ or "").partition("\n")
        if not summary:
            raise TypeError(f"{function.__qualname__}: expected a docstring")
        default_status = 200 if answer or raw_answer else 204
        declared = {
            "method": method,
            "path": path,
            "operation_id": to_camel(function.__name__),
            "tag": tag,
            "summary": summary.rstrip("."),
            "description": description.strip(),
            "access": access,
            "scope": scope,
            "status": status or default_status,
            "creates": creates,
            "edits": edits,
            "takes_leave": takes_leave,
            "has_etag": has_etag,
            "shared": shared,
            "shows_secret": shows_secret,
            "problems": tuple(problems),
            "throttle": throttle,
            "account_throttle": account_throttle,
            "body": hints.get("body"),
            "query": hints.get("query"),
            "answer": answer,
            "raw_answer": tuple(raw_answer),
            "raw_body": tuple(raw_body),
            "body_limit_bytes": body_limit_bytes,
            "path_parameters": in_path,
            "takes_call": "call" in names,
        }
        setattr(function, _ATTRIBUTE, declared)
        return function

    return declare


def operations_of(resource: object) -> list[Operation]:
    """Return the operations of a resource, bound to it, in the order of their declaration."""
    found = []
    for name, function in vars(type(resource)).items():
        declared = getattr(function, _ATTRIBUTE, None)
        if declared is not None:
            found.append(Operation(**declared, invoke=getattr(resource, name)))
    return found


def _answer_model(hint: Any) -> type[BaseModel] | None:
    if get_origin(hint) is Answer:
        (hint,) = get_args(hint)
    return hint if isinstance(hint, type) and issubclass(hint, BaseModel) else None
