"""The HTTP reference, made from the service's own OpenAPI document when the book is built.

python -m book.http    print the page
"""

import json
from pathlib import Path
from typing import Any

from inkdigits.interfaces.http.openapi import document
from inkdigits.interfaces.http.settings import Settings

_HEAD = """# HTTP

What `inkdigits serve` answers. This page is made from the service's own OpenAPI document, which a
running service shows at `/docs` and gives at `/openapi.json`. How to start it is in the guide
[Serve](../guides/serve.md).
"""
_LONGEST = 24  # lines of an example


def write_page(path: Path) -> None:
    """Write the page."""
    path.write_text(page(document(Settings())))


def page(described: dict[str, Any]) -> str:
    """An OpenAPI document as a page in Markdown."""
    schemas = described["components"]["schemas"]
    parts = [_HEAD, described["info"]["description"], "", *_statuses(described)]
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            parts += _operation(f"{method.upper()} {path}", operation, schemas)
    return "\n".join(parts)


def _operation(title: str, operation: dict[str, Any], schemas: dict[str, Any]) -> list[str]:
    lines = [f"## `{title}`", "", operation["summary"] + _stop(operation["summary"]), ""]
    if "description" in operation:
        lines += [operation["description"], ""]
    lines += _parameters(operation.get("parameters", ()))
    for sample in operation.get("x-codeSamples", ()):
        lines += ["```console", f"$ {sample['source']}", "```", ""]
    lines += _bodies("Body", operation.get("requestBody", {}).get("content", {}))
    lines += _bodies("Answer", operation["responses"]["200"].get("content", {}))
    others = [f"`{status}`" for status in sorted(operation["responses"]) if status != "200"]
    return [*lines, f"Other statuses: {', '.join(others)}.", ""] if others else lines


def _statuses(described: dict[str, Any]) -> list[str]:
    """What the statuses other than 200 mean: the same everywhere, so it is said once."""
    meanings = {
        status: response["description"]
        for operations in described["paths"].values()
        for operation in operations.values()
        for status, response in operation["responses"].items()
        if status != "200"
    }
    rows = [f"| {status} | {meaning} |" for status, meaning in sorted(meanings.items())]
    return ["| status | meaning |", "|---|---|", *rows, ""]


def _bodies(title: str, contents: dict[str, Any]) -> list[str]:
    bare = [f"`{kind}`" for kind, content in contents.items() if not _examples(content)]
    lines = [f"{title}: {', '.join(bare)}.", ""] if bare else []
    for kind, content in contents.items():
        if _examples(content):
            lines += [f"{title}, `{kind}`:", "", *_shown(_examples(content))]
    return lines


def _examples(content: dict[str, Any]) -> list[Any]:
    values = [content["example"]] if "example" in content else []
    return values + [one["value"] for one in content.get("examples", {}).values()]


def _parameters(parameters: Any) -> list[str]:
    if not parameters:
        return []
    lines = ["| parameter | in | meaning | default |", "|---|---|---|---|"]
    for one in parameters:
        default = one["schema"].get("default")
        shown = "" if default is None else f"`{default}`"
        lines.append(f"| `{one['name']}` | {one['in']} | {one['description']} | {shown} |")
    return [*lines, ""]


def _shown(values: list[Any]) -> list[str]:
    lines: list[str] = []
    for value in values:
        cut = (value.rstrip() if isinstance(value, str) else _compact(value)).splitlines()
        if len(cut) > _LONGEST:
            cut = [*cut[:_LONGEST], "…"]
        whole = not isinstance(value, str) and not any("…" in line for line in cut)
        lines += ["```json" if whole else "```text", *cut, "```", ""]
    return lines


def _compact(value: Any, indent: str = "") -> str:
    """JSON with what fits on a line on one line."""
    flat = json.dumps(value)
    if len(flat) + len(indent) <= 88 or not isinstance(value, dict | list) or not value:
        return flat
    if isinstance(value, list) and not any(isinstance(item, dict | list) for item in value):
        return f"{flat[:72]}… ]"
    inner = indent + "  "
    if isinstance(value, dict):
        items = [f"{inner}{json.dumps(name)}: {_compact(v, inner)}" for name, v in value.items()]
        return "{\n" + ",\n".join(items) + f"\n{indent}}}"
    return "[\n" + ",\n".join(inner + _compact(v, inner) for v in value) + f"\n{indent}]"


def _stop(text: str) -> str:
    return "" if text[-1] in ".?!" else "."


if __name__ == "__main__":
    print(page(document(Settings())))  # noqa: T201
