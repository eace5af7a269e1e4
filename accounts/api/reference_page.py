"""The readable form of the API's document: one page of HTML without any script. Pure."""

import base64
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any, Final

_STYLE: Final = """
:root { color-scheme: light dark; --line: #8885; --soft: #8882; }
body { background: Canvas; color: CanvasText; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
h2 { margin-top: 3rem; border-bottom: 1px solid var(--line); }
h3 { margin: 2rem 0 0; font-weight: 600; }
code, pre { font: 14px/1.5 ui-monospace, monospace; background: var(--soft); border-radius: 3px; }
code { padding: .1em .3em; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; }
td { border-top: 1px solid var(--line); }
.method { font-weight: 700; }
nav ul { columns: 16rem; padding: 0; list-style: none; }
nav a, code, td, th { overflow-wrap: anywhere; }
pre { white-space: pre-wrap; }
"""
STYLE_DIGEST: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_SCHEMA: Final = "#/components/schemas/"
_RESPONSE: Final = "#/components/responses/"


def reference_page(document: Mapping[str, Any]) -> str:
    """Write an OpenAPI document, as `openapi_document` makes it, for people."""
    return "".join(_page(document))


def _page(document: Mapping[str, Any]) -> Iterator[str]:
    info = document["info"]
    title = escape(f"{info['title']} API")
    yield (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body><header><h1>{title}</h1>"
    )
    yield from _paragraphs(info["description"])
    yield (
        '<p>For programs: <a href="/api/openapi.json">openapi.json</a> (OpenAPI '
        f"{escape(document['openapi'])}).</p></header>"
    )
    by_tag: dict[str, list[tuple[str, str, Mapping[str, Any]]]] = defaultdict(list)
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            by_tag[operation["tags"][0]].append((method.upper(), path, operation))
    yield '<nav aria-label="Operations"><ul>'
    for tag, operations in by_tag.items():
        yield f"<li><strong>{escape(tag)}</strong></li>"
        for _, _, operation in operations:
            name = escape(operation["operationId"])
            yield f'<li><a href="#{name}">{escape(operation["summary"])}</a></li>'
    yield "</ul></nav><main>"
    for tag, operations in by_tag.items():
        yield f"<section><h2>{escape(tag)}</h2>"
        for method, path, operation in operations:
            yield from _operation(method, path, operation, document["components"]["responses"])
        yield "</section>"
    yield from _schemas(document["components"]["schemas"])
    yield from _problems(document["x-problems"])
    yield "</main></body></html>\n"


def _operation(
    method: str, path: str, operation: Mapping[str, Any], shared: Mapping[str, Any]
) -> Iterator[str]:
    name = escape(operation["operationId"])
    yield f'<article id="{name}"><h3>{escape(operation["summary"])}</h3>'
    yield f'<p><code><span class="method">{method}</span> {escape(path)}</code></p>'
    yield from _paragraphs(operation.get("description", ""))
    yield f"<p>{_who(operation)}</p>"
    rows = [
        (
            f"<code>{escape(each['name'])}</code>",
            escape(each["in"]) + (", required" if each.get("required") else ""),
            _kind(each["schema"]),
            escape(each.get("description", "")),
        )
        for each in operation.get("parameters", ())
    ]
    yield from _table(("Parameter", "In", "Kind", ""), rows)
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        kind = _kind(content["schema"]) if "schema" in content else "bytes"
        yield f"<p>Body: {kind} as <code>{escape(media_type)}</code></p>"
    answers = (
        (status, shared[answer["$ref"].removeprefix(_RESPONSE)] if "$ref" in answer else answer)
        for status, answer in operation["responses"].items()
    )
    yield from _table(("Status", "Answer", ""), map(_answer, answers))
    yield "</article>"


def _who(operation: Mapping[str, Any]) -> str:
    scope = operation.get("x-required-scope")
    if {} in operation["security"]:
        if scope is None:
            return "For anybody."
        code = f"<code>{escape(scope)}</code>"
        return f"For anybody; a personal token without {code} counts as none."
    who = "an administrator" if "x-required-role" in operation else "who has signed in"
    if scope is None:
        return f"For {who}; not by a personal token."
    return f"For {who}; by a personal token with <code>{escape(scope)}</code>, too."


def _answer(item: tuple[str, Mapping[str, Any]]) -> tuple[str, str, str]:
    status, answer = item
    kinds = [
        _kind(content["schema"]) if "schema" in content else f"<code>{escape(media_type)}</code>"
        for media_type, content in answer.get("content", {}).items()
    ]
    return status, ", ".join(kinds), escape(answer["description"])


def _schemas(schemas: Mapping[str, Any]) -> Iterator[str]:
    yield "<section><h2>Models</h2>"
    for name, schema in schemas.items():
        yield f'<article id="model-{escape(name)}"><h3>{escape(name)}</h3>'
        yield from _paragraphs(schema.get("description", ""))
        required = set(schema.get("required", ()))
        rows = [
            (
                f"<code>{escape(field)}</code>" + (", required" if field in required else ""),
                _kind(described),
                escape(described.get("description", "")),
            )
            for field, described in schema.get("properties", {}).items()
        ]
        if rows:
            yield from _table(("Field", "Kind", ""), rows)
        else:
            yield f"<p>{_kind(schema)}</p>"
        yield "</article>"
    yield "</section>"


def _problems(problems: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    yield "<section><h2>Problems</h2>"
    rows = [
        (
            f'<code id="problem-{escape(each["code"])}">{escape(each["code"])}</code>',
            escape(str(each["status"])),
            escape(each["title"]),
        )
        for each in problems
    ]
    yield from _table(("Code", "Status", "Meaning"), rows)
    yield "</section>"


def _kind(schema: Mapping[str, Any]) -> str:
    """Say in a few words what a schema allows."""
    if "$ref" in schema:
        name = escape(schema["$ref"].removeprefix(_SCHEMA))
        return f'<a href="#model-{name}">{name}</a>'
    choices = schema.get("anyOf") or schema.get("oneOf")
    if choices:
        return " or ".join(map(_kind, choices))
    if "enum" in schema:
        return " or ".join(f"<code>{escape(str(value))}</code>" for value in schema["enum"])
    if "const" in schema:
        return f"<code>{escape(str(schema['const']))}</code>"
    kind = escape(str(schema.get("type", "anything")))
    if "items" in schema:
        kind += f" of {_kind(schema['items'])}"
    if "format" in schema:
        kind += f" ({escape(schema['format'])})"
    for low, high in (("minLength", "maxLength"), ("minimum", "maximum"), ("minItems", "maxItems")):
        if low in schema or high in schema:
            kind += f", {schema.get(low, '')}…{schema.get(high, '')}"
    return kind


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Write rows of HTML as a table, or nothing."""
    lines = list(rows)
    if not lines:
        return
    yield "<table><thead><tr>"
    yield from (f'<th scope="col">{escape(head)}</th>' for head in heads)
    yield "</tr></thead><tbody>"
    for line in lines:
        yield "<tr>" + "".join(f"<td>{cell}</td>" for cell in line) + "</tr>"
    yield "</tbody></table>"


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in text.split("\n\n"):
        if paragraph.strip():
            yield f"<p>{escape(paragraph.strip())}</p>"
