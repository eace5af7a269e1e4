"""Reading requests: queries and bodies into models, and what is wrong with them into problems."""

import asyncio
import re
from typing import Any, Final, get_origin

from aiohttp import web
from pydantic import BaseModel, ValidationError

from accounts.api.model import is_storable
from accounts.api.problem import (
    INVALID,
    MALFORMED,
    NOT_FOUND,
    REQUEST_TIMEOUT,
    TOO_LARGE,
    UNSUPPORTED_MEDIA_TYPE,
    FieldError,
    ProblemError,
)

JSON: Final = "application/json"
BODY_TIMEOUT_S: Final = 20.0
_ERROR_LIMIT: Final = 20  # a body may be wrong in thousands of places
_PATH_LENGTH_LIMIT: Final = 120  # unknown fields have names of any length
PATH_PARAMETER_LENGTH_LIMIT: Final = 128
_PATH_PARAMETER: Final = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]+")


def read_path(request: web.Request, names: tuple[str, ...]) -> dict[str, str]:
    """Return the parts of the path. What can name nothing is not found."""
    found = {name: request.match_info[name] for name in names}
    for text in found.values():
        if len(text) > PATH_PARAMETER_LENGTH_LIMIT or _PATH_PARAMETER.fullmatch(text) is None:
            raise NOT_FOUND.because()
    return found


def read_query(request: web.Request, model: type[BaseModel] | None) -> BaseModel | None:
    """Read the query. Raises ProblemError (422) for what is wrong, missing, twice or unknown."""
    given = request.query
    if model is None:
        if given:
            unknown = [FieldError(_shown(f"?{name}"), "unknown") for name in dict.fromkeys(given)]
            raise INVALID.because(errors=unknown[:_ERROR_LIMIT])
        return None
    lists = {
        field.alias or name
        for name, field in model.model_fields.items()
        if get_origin(field.annotation) in {tuple, list, frozenset}
    }
    values: dict[str, Any] = {}
    twice: list[FieldError] = []
    for name in dict.fromkeys(given):
        every = given.getall(name)
        if name in lists:
            values[name] = every
        elif len(every) > 1:
            twice.append(FieldError(_shown(f"?{name}"), "expected once"))
        else:
            values[name] = every[0]
    if twice:
        raise INVALID.because(errors=twice[:_ERROR_LIMIT])
    try:
        return model.model_validate(values, by_alias=True, by_name=False)
    except ValidationError as error:
        raise invalid(error, prefix="?") from None


def parse_json(content: bytes, model: type[BaseModel]) -> BaseModel:
    """Read a JSON body. Raises ProblemError (400, 422)."""
    try:
        # Strict: "5" is no number. By alias alone: one name for each field.
        return model.model_validate_json(content, strict=True, by_alias=True, by_name=False)
    except ValidationError as error:
        if any(each["type"] == "json_invalid" for each in error.errors()):
            raise MALFORMED.because("Expected a body of JSON in UTF-8.") from None
        raise invalid(error) from None


async def read_bytes(request: web.Request, media_types: tuple[str, ...], limit_bytes: int) -> bytes:
    """Read a body of one of these kinds. Raises ProblemError (408, 413, 415)."""
    if request.content_type not in media_types or "Content-Encoding" in request.headers:
        raise UNSUPPORTED_MEDIA_TYPE.because(
            f"Expected Content-Type {' or '.join(media_types)} and no Content-Encoding.",
            headers={"Accept-Post": ", ".join(media_types)},
        )
    too_large = TOO_LARGE.because(f"Expected at most {limit_bytes} bytes.")
    if request.content_length is not None and request.content_length > limit_bytes:
        raise too_large
    content = bytearray()
    try:
        async with asyncio.timeout(BODY_TIMEOUT_S):
            while chunk := await request.content.readany():
                content += chunk
                if len(content) > limit_bytes:
                    raise too_large
    except TimeoutError:
        raise REQUEST_TIMEOUT.because() from None
    return bytes(content)


def invalid(error: ValidationError, prefix: str = "") -> ProblemError:
    """Say which fields are wrong and how, without their values."""
    errors = []
    for each in error.errors(include_url=False, include_input=False)[:_ERROR_LIMIT]:
        path = prefix + ".".join(str(part) for part in each["loc"])
        errors.append(FieldError(_shown(path), _text(each["type"], each["msg"], each.get("ctx"))))
    return INVALID.because(errors=errors)


def _text(kind: str, message: str, context: dict[str, Any] | None) -> str:
    match kind:
        case "extra_forbidden":
            return "unknown"
        case "missing":
            return "missing"
        case "value_error" if context and "error" in context:
            return str(context["error"])
        case _:
            return message[:1].lower() + message[1:]


def _shown(path: str) -> str:
    if not is_storable(path):
        path = path.encode("utf-8", "replace").decode()
    return path if len(path) <= _PATH_LENGTH_LIMIT else path[: _PATH_LENGTH_LIMIT - 1] + "…"
