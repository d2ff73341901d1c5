"""The API's description (OpenAPI 3.1), and the same laid out for the page that people read."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from django.urls import reverse

from apps.timelines.api import schemas
from apps.timelines.api.problems import MEDIA_TYPE
from apps.timelines.api.service import api

REF: Final = "#/components/schemas/"
PROBLEMS: Final = {
    400: "A parameter cannot be used.",
    401: "The installation is closed and nobody is logged in.",
    404: "Nothing public is at this address.",
    429: "Too many requests; see Retry-After.",
}
HEADERS: Final = {
    "ETag": "Weak tag of the answer, for If-None-Match.",
    "Link": "The next page of a list.",
    "RateLimit": "What is left to the caller.",
}
Json = dict[str, Any]


@cache
def description() -> Json:
    """Return the description; its addresses begin at the root of this installation."""
    found: Json = json.loads(json.dumps(api.get_openapi_schema(path_prefix=reverse("api-root"))))
    names = {_route(path): name for name, path in _routes()}
    for path, operations in found["paths"].items():
        for operation in operations.values():
            operation["operationId"] = names[path].removeprefix("api-")
            _told(operation)
    found["components"]["schemas"]["Problem"] = _problem(found)
    found["info"]["license"] = {"name": "The data: see the licence of each timeline"}
    found["security"] = []
    del found["servers"]
    return found


def _problem(found: Json) -> Json:
    schema = schemas.Problem.model_json_schema(ref_template=REF + "{model}")
    found["components"]["schemas"].update(schema.pop("$defs", {}))
    return schema


def _routes() -> Iterator[tuple[str, str]]:
    """Give the name and the path of every operation."""
    for router in api._get_bound_routers():
        for path, view in router.path_operations.items():
            yield str(view.operations[0].url_name), f"{router.prefix}{path}"


def _route(path: str) -> str:
    """Write an operation's path as the description has it."""
    return reverse("api-root") + path.lstrip("/").replace("{slug:", "{").replace("{int:", "{")


def _told(operation: Json) -> None:
    """Say of one operation how it refuses, and which header fields its answers have."""
    content = {MEDIA_TYPE: {"schema": {"$ref": f"{REF}Problem"}}}
    operation["responses"]["200"]["headers"] = {
        name: {"description": words, "schema": {"type": "string"}}
        for name, words in HEADERS.items()
    }
    operation["responses"]["304"] = {"description": "Nothing changed since the tag that was sent."}
    for status, words in PROBLEMS.items():
        operation["responses"][str(status)] = {"description": words, "content": content}
    for parameter in operation["parameters"]:
        parameter["schema"].pop("description", None)
        examples = parameter.pop("examples", None)
        if examples:
            parameter["example"] = examples[0]


@cache
def parameters(name: str) -> frozenset[str] | None:
    """Return the query parameters of the operation at a named address; None where there is no operation."""
    asked = name.removeprefix("api-")
    for operations in description()["paths"].values():
        for operation in operations.values():
            if operation["operationId"] == asked:
                return frozenset(p["name"] for p in operation["parameters"] if p["in"] == "query")
    return None


# --- the same for readers ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """A parameter or a value: its name, form and meaning."""

    name: str
    form: str
    words: str
    required: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """One address of the API."""

    id: str
    path: str
    summary: str
    words: list[str]
    rows: list[Row]
    answer: str


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of value in answers."""

    name: str
    words: str
    rows: list[Row] = field(default_factory=list)


def operations() -> list[tuple[str, list[Operation]]]:
    """Return the operations by their group, in order."""
    groups: dict[str, list[Operation]] = {}
    for path, methods in description()["paths"].items():
        found = methods["get"]
        groups.setdefault(found["tags"][0], []).append(_operation(path, found))
    return list(groups.items())


def _operation(path: str, found: Json) -> Operation:
    answer = found["responses"]["200"]["content"]["application/json"]["schema"]
    return Operation(
        id=found["operationId"],
        path=path,
        summary=found["summary"],
        words=found.get("description", "").split("\n\n"),
        rows=[_row(p["name"], _given(p["schema"]), p) for p in found["parameters"]],
        answer=answer["$ref"].removeprefix(REF),
    )


def _given(schema: Json) -> Json:
    """Return the schema of a parameter that is given: one that may be left out is told as null."""
    parts = [part for part in schema.get("anyOf", []) if part.get("type") != "null"]
    return parts[0] if len(parts) == 1 else schema


def shapes() -> list[Shape]:
    """Return the kinds of values in answers, by name."""
    found = description()["components"]["schemas"]
    return [
        Shape(
            name,
            schema.get("description", ""),
            [
                _row(key, value, value, required=key in schema.get("required", []))
                for key, value in schema.get("properties", {}).items()
            ],
        )
        for name, schema in sorted(found.items())
        if name not in _INPUTS
    ]


_INPUTS: Final = {
    "AsOf",
    "Paged",
    "Days",
    "View",
    "Series",
    "ActorsAsked",
    "PlacesAsked",
    "SearchAsked",
}


def _row(name: str, schema: Json, about: Json, *, required: bool = False) -> Row:
    kind = _link(schema)
    required = required or bool(about.get("required") is True)
    return Row(name, form_of(schema), about.get("description", ""), required, kind)


def _link(schema: Json) -> str:
    """Return the name of the kind of value that a schema leads to, if it does."""
    for part in (schema, schema.get("items", {}), *schema.get("anyOf", [])):
        if "$ref" in part:
            return str(part["$ref"]).removeprefix(REF)
    return ""


def form_of(schema: Json) -> str:
    """Say in a few words which values a schema takes: "integer, 1 to 200, 50 unless given"."""
    words = [_kind(schema)]
    if "minimum" in schema and "maximum" in schema:
        words.append(f"{schema['minimum']} to {schema['maximum']}")
    if schema.get("default") not in (None, "", []):
        words.append(f"{schema['default']} unless given")
    return ", ".join(words)


def _kind(schema: Json) -> str:
    if "anyOf" in schema:
        return " or ".join(_kind(part) for part in schema["anyOf"])
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(REF)
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_kind(schema['items'])}"
    return str(schema.get("format") or schema.get("type", "any value"))
