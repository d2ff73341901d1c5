"""System checks of our own: every template that is named exists, every setting is documented."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.template.base import FilterExpression, Node
from django.template.engine import Engine
from django.template.loader_tags import ExtendsNode, IncludeNode

_TEMPLATE_NAME = re.compile(r"[\w./-]+\.html(#[\w-]+)?")
_DOCUMENTED = re.compile(r"^(?:# )?([A-Z][A-Z0-9_]+)=", re.MULTILINE)
_ENV_KINDS = frozenset({"str", "bool", "int", "float", "list", "log_level"})


def templates_exist(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Every template compiles, and every one named in code, include or extends exists."""
    engine = Engine.get_default()
    root = Path(settings.BASE_DIR)
    faults = [
        Error(f"{where} names the template {name}, which cannot be used: {reason}", id="core.E001")
        for where, name in (*_named_in_code(root / "apps"), *_all_files(root / "templates"))
        if (reason := _fault(engine, name))
    ]
    for where, name in _all_files(root / "templates"):
        faults += [
            Error(
                f"{where} includes or extends {other}, which cannot be used: {reason}",
                id="core.E001",
            )
            for other in _named_in_template(engine, name)
            if (reason := _fault(engine, other))
        ]
    return list(faults)


def settings_documented(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Every variable that settings.py reads is in .env.example, and nothing else is."""
    root = Path(settings.BASE_DIR)
    read = set(variables_read((root / "config" / "settings.py").read_text()))
    documented = set(_DOCUMENTED.findall((root / ".env.example").read_text()))
    missing = [
        Error(f"The setting {name} is not documented in .env.example.", id="core.E002")
        for name in sorted(read - documented)
    ]
    unknown = [
        Error(f".env.example documents {name}, which no setting reads.", id="core.E002")
        for name in sorted(documented - read)
    ]
    return [*missing, *unknown]


def variables_read(source: str) -> Iterator[str]:
    """Yield the names in `env.str("NAME", ...)` and its like in Python source."""
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and (node.func.value.id, node.func.attr in _ENV_KINDS) == ("env", True)
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ):
            yield str(node.args[0].value)


def _fault(engine: Engine, name: str) -> str:
    """Why the template `name` (or `name#partial`) cannot be used, or nothing."""
    try:
        engine.get_template(name)
    except TemplateDoesNotExist:
        return "there is no such template"
    except TemplateSyntaxError as error:
        return str(error)
    return ""


def _named_in_code(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield file and template name for every string in Python code that is one."""
    for file in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and _TEMPLATE_NAME.fullmatch(node.value)
            ):
                yield f"{file.relative_to(settings.BASE_DIR)}:{node.lineno}", node.value


def _all_files(folder: Path) -> list[tuple[str, str]]:
    files = [file.relative_to(folder).as_posix() for file in sorted(folder.rglob("*.html"))]
    return [(f"templates/{name}", name) for name in files]


def _named_in_template(engine: Engine, name: str) -> Iterator[str]:
    """Yield the templates that the template `name` includes or extends under a literal name."""
    try:
        nodes: Iterable[Node] = engine.get_template(name).nodelist.get_nodes_by_type(Node)
    except (TemplateDoesNotExist, TemplateSyntaxError):
        return  # told already, by name
    for node in nodes:
        expression = node.parent_name if isinstance(node, ExtendsNode) else None
        expression = node.template if isinstance(node, IncludeNode) else expression
        if isinstance(expression, FilterExpression) and isinstance(expression.var, str):
            yield expression.var
