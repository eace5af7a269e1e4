"""What clients and server say to each other on a WebSocket beside events."""

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

TOPIC_CHARACTERS = 80
CHAT_CHARACTERS = 4000  # how much of it may be said is the room's affair


class Command(BaseModel):
    """What a client asks. `ref` is the client's own mark; the reply repeats it."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    ref: Annotated[int, Field(ge=0, lt=2**53)] | None = None


Topics = Annotated[
    tuple[Annotated[str, Field(max_length=TOPIC_CHARACTERS)], ...],
    Field(min_length=1, max_length=100),
]


class Authenticate(Command):
    """Say who listens, with an access token or a personal one; before anything else."""

    type: Literal["authenticate"]
    token: str = Field(min_length=1, max_length=4096, repr=False)


class Subscribe(Command):
    """Hear of topics; with `after`, the last id that came before, also what was missed since.

    `leave` is the token of a shared link, or of leave to watch: by it, somebody hears of a channel
    who could not otherwise. A connection has one; another takes its place.
    """

    type: Literal["subscribe"]
    topics: Topics
    after: str | None = Field(None, max_length=60)
    leave: str | None = Field(None, min_length=1, max_length=200, repr=False)


class Unsubscribe(Command):
    """Hear of topics no more."""

    type: Literal["unsubscribe"]
    topics: Topics


class Ping(Command):
    """Ask for a sign of life; browsers cannot send the protocol's own."""

    type: Literal["ping"]


class Say(Command):
    """Say something in a channel's room, or give it a command such as `/help`.

    The reply is `said` with the `messageId`, or with the `answer` to a command; or `error` with a
    `code`, a `text` and, where waiting helps, `retryAfterS`.
    """

    type: Literal["say"]
    channel: str = Field(min_length=1, max_length=64)
    text: str = Field(min_length=1, max_length=CHAT_CHARACTERS)
    reply_to: str | None = Field(
        None, alias="replyTo", max_length=20, description="The `messageId` that is answered."
    )


AnyCommand = Authenticate | Subscribe | Unsubscribe | Ping | Say
COMMANDS: tuple[type[Command], ...] = (Authenticate, Subscribe, Unsubscribe, Say, Ping)
_ANY: TypeAdapter[AnyCommand] = TypeAdapter(
    Annotated[AnyCommand, Field(discriminator="type")], config=ConfigDict(hide_input_in_errors=True)
)


class CommandError(ValueError):
    """The text is no command; what was wrong, without what it held."""


def parse_command(text: str) -> AnyCommand:
    """Read a command. Raises CommandError."""
    try:
        return _ANY.validate_json(text, strict=False)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"][1:4])[:60]
        raise CommandError(f"{place}: {first['msg']}" if place else first["msg"]) from None


def reply(type_: str, ref: int | None = None, **members: Any) -> bytes:
    """Write what the server says; members that are None are left out."""
    said = {"type": type_, "ref": ref, **members}
    return json.dumps(
        {name: value for name, value in said.items() if value is not None},
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()
