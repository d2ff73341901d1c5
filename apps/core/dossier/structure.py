"""Each file against the JSON Schema; what jsonschema finds is told in plain sentences."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from apps.core.dossier.faults import Fault
from apps.core.dossier.yamlfile import YamlFile

SCHEMA_FILE = Path(__file__).with_name("schema.json")


@cache
def schema() -> dict[str, Any]:
    """Return the JSON Schema of all dossier files."""
    loaded: dict[str, Any] = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return loaded


@cache
def _validator(definition: str) -> Draft202012Validator:
    whole = {"$defs": schema()["$defs"], "$ref": f"#/$defs/{definition}"}
    return Draft202012Validator(whole)


def check(file: YamlFile, definition: str) -> list[Fault]:
    """Return what is wrong with the shape of `file`, which should be a `definition` of the schema."""
    return [
        Fault(
            file.name,
            file.line(tuple(error.absolute_path)),
            item_name(file.content, tuple(error.absolute_path)),
            _sentence(error),
        )
        for error in _validator(definition).iter_errors(file.content)
    ]


def item_name(content: Any, path: tuple[str | int, ...]) -> str:
    """Name the item around `path` by its id, or by its position where it has none."""
    if not path or not isinstance(path[0], int) or not isinstance(content, list):
        return ""
    item = content[path[0]]
    name = item.get("id") or item.get("event") if isinstance(item, dict) else None
    return str(name) if name else f"item {path[0] + 1}"


def _sentence(error: ValidationError) -> str:
    """Say in words what the schema's rule found."""
    inside = [str(part) for part in error.absolute_path if isinstance(part, str)]
    where = f"{'.'.join(inside)}: " if inside else ""
    return where + _reason(error)


def _reason(error: ValidationError) -> str:
    rule = str(error.validator)
    found: Any = error.instance
    wanted: Any = error.validator_value
    schema_of: Any = error.schema
    if rule == "required":
        missing = [key for key in wanted if key not in found]
        return "missing key " + ", ".join(f"'{key}'" for key in missing)
    if rule == "additionalProperties":
        known = sorted(schema_of["properties"])
        unknown = ", ".join(f"'{key}'" for key in found if key not in known)
        return f"unknown key {unknown}; known keys are {', '.join(known)}"
    if rule == "enum":
        return f"'{found}' is not one of {', '.join(map(str, wanted))}"
    if rule == "type":
        names = wanted if isinstance(wanted, list) else [wanted]
        return f"{found!r} should be {' or '.join(names)}"
    if rule == "anyOf" and schema_of.get("required") == ["id", "act", "field"]:
        return "a claim needs a speaker, a source or a speaker_text"
    if rule == "pattern":
        return f"'{found}' does not look like {wanted}"
    return error.message
