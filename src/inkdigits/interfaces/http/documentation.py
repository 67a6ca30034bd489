"""`/docs`: the OpenAPI document as a page to read, and as JSON at `/openapi.json`.

The page is made here once, as plain HTML: it needs no script and loads nothing from outside.
"""

import html
import json
import re
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

_STYLE = Path(__file__).parent / "documentation.css"
_LONG = 3_000  # characters of an example that are shown


def routes(document: dict[str, Any]) -> list[BaseRoute]:
    """The routes of this module, for an OpenAPI document."""
    page, style = _page(document), _STYLE.read_text("utf-8")
    as_json = json.dumps(document)

    async def docs(request: Request) -> Response:
        return Response(page, media_type="text/html")

    async def stylesheet(request: Request) -> Response:
        return Response(style, media_type="text/css")

    async def openapi(request: Request) -> Response:
        return Response(as_json, media_type="application/json")

    return [
        Route("/docs", docs, methods=["GET"]),
        Route("/docs/style.css", stylesheet, methods=["GET"]),
        Route("/openapi.json", openapi, methods=["GET"]),
    ]


def _page(document: dict[str, Any]) -> str:
    operations = [
        (method.upper(), path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    info = document["info"]
    links = "".join(
        f'<li><a href="#{_anchor(method, path)}"><b>{method}</b> {html.escape(path)}</a></li>'
        for method, path, _ in operations
    )
    sections = "".join(_section(*each) for each in operations)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(info['title'])} {info['version']}: HTTP</title>"
        '<link rel="stylesheet" href="/docs/style.css"></head><body><main>'
        f"<h1>{html.escape(info['title'])} <small>{info['version']}</small></h1>"
        f"<p>{_prose(info['description'])}</p>"
        '<p><a href="/openapi.json">openapi.json</a> says the same to programs.</p>'
        f'<nav aria-label="Operations"><ul>{links}</ul></nav>{sections}</main></body></html>'
    )


def _section(method: str, path: str, operation: dict[str, Any]) -> str:
    parts = [
        f'<section id="{_anchor(method, path)}"><h2><b>{method}</b> {html.escape(path)}</h2>',
        f"<p>{_prose(operation['summary'])}. {_prose(operation.get('description', ''))}</p>",
    ]
    parts += [_code(sample["source"]) for sample in operation.get("x-codeSamples", ())]
    if "parameters" in operation:
        rows = "".join(_parameter(each) for each in operation["parameters"])
        parts.append(_table(("parameter", "values", "what it is"), rows))
    if "requestBody" in operation:
        parts.append("<h3>Body</h3>" + _content(operation["requestBody"]["content"]))
    answer = operation["responses"]["200"].get("content")
    parts.append("<h3>Answer</h3>" + (_content(answer) if answer else "<p>200, and no body.</p>"))
    problems = "".join(
        f"<tr><td>{status}</td><td>{_prose(response['description'])}</td></tr>"
        for status, response in sorted(operation["responses"].items())
        if status != "200"
    )
    if problems:
        parts.append(_table(("problem", "when"), problems))
    return "".join(parts) + "</section>"


def _parameter(parameter: dict[str, Any]) -> str:
    schema = parameter["schema"]
    if "enum" in schema:
        values = ", ".join(map(str, schema["enum"]))
    elif "minimum" in schema:
        values = f"{schema['type']}, {schema['minimum']} to {schema['maximum']}"
    else:
        values = schema["type"]
    if "default" in schema:
        values += f" (default: {schema['default']})"
    name, about = html.escape(parameter["name"]), _prose(parameter["description"])
    return f"<tr><td><code>{name}</code></td><td>{html.escape(values)}</td><td>{about}</td></tr>"


def _content(content: dict[str, Any]) -> str:
    parts = ["<p>" + ", ".join(f"<code>{html.escape(kind)}</code>" for kind in content) + "</p>"]
    for described in content.values():
        named = described.get("examples", {})
        examples = [each["value"] for each in named.values()] or [described.get("example")]
        parts += [_code(_compact(example)) for example in examples if example is not None]
    return "".join(parts)


def _compact(example: Any) -> str:
    """JSON with lists of numbers on one line, and the rest of what is very long left out."""
    text = json.dumps(example, indent=2)
    text = re.sub(r"\[[^\[\]{}]*\]", lambda found: re.sub(r"\s+", " ", found[0]), text)
    return text if len(text) <= _LONG else text[:400] + "\n    ..."


def _code(text: str) -> str:
    return f'<pre tabindex="0"><code>{html.escape(text)}</code></pre>'


def _table(heads: tuple[str, ...], rows: str) -> str:
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _prose(text: str) -> str:
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", html.escape(text))


def _anchor(method: str, path: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", f"{method} {path}".lower()).strip("-")
