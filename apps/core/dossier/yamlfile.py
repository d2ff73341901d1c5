"""YAML as dossier files use it: YAML 1.2's plain words, no guessed dates, line numbers kept."""

import re
from pathlib import Path
from typing import Any, Final

import yaml

from apps.core.dossier.faults import Fault

Path_ = tuple[str | int, ...]
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# "no" stays the word no (Norway), 2020-01-03 stays text, 12:30 is no number of minutes.
_PLAIN: Final = {
    "tag:yaml.org,2002:bool": r"true|false",
    "tag:yaml.org,2002:int": r"[-+]?(?:0|[1-9][0-9]*)",
    "tag:yaml.org,2002:float": r"[-+]?[0-9]+\.[0-9]*",
    "tag:yaml.org,2002:null": r"null|~|",
}


class _Loader(_Base):
    """The safe loader with the words above and nothing else."""

    yaml_implicit_resolvers: dict[str, Any] = {}


for _tag, _pattern in _PLAIN.items():
    _Loader.add_implicit_resolver(_tag, re.compile(rf"^(?:{_pattern})$"), None)


class YamlFile:
    """The content of one file, and the line of each part of it."""

    def __init__(self, name: str, content: Any, lines: dict[Path_, int]) -> None:
        self.name = name
        self.content = content
        self._lines = lines

    def line(self, path: Path_) -> int:
        """Return the line, from 1, of the part at `path` or of the nearest part around it."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 0)


def load(path: Path, name: str) -> tuple[YamlFile, list[Fault]]:
    """Read one file; syntax errors and keys written twice come back as faults."""
    nothing = YamlFile(name, None, {})
    try:
        loader = _Loader(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        return nothing, [Fault(name, 0, "", "the file is not UTF-8 text")]
    except yaml.reader.ReaderError as error:
        return nothing, [Fault(name, 0, "", f"not YAML: {error.reason}")]
    try:
        root = loader.get_single_node()
        if root is None:
            return nothing, [Fault(name, 0, "", "the file is empty")]
        lines: dict[Path_, int] = {}
        faults = _walk(root, (), lines, name)
        content = None if faults else loader.construct_document(root)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        return nothing, [Fault(name, line, "", f"not YAML: {error.problem}")]
    finally:
        loader.dispose()
    return YamlFile(name, content, lines), faults


def _walk(node: Any, path: Path_, lines: dict[Path_, int], name: str) -> list[Fault]:
    """Note the line of every part below `node`; report keys written twice."""
    lines[path] = node.start_mark.line + 1
    faults: list[Fault] = []
    if isinstance(node, yaml.SequenceNode):
        for index, child in enumerate(node.value):
            faults += _walk(child, (*path, index), lines, name)
    elif isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, child in node.value:
            if key.value in seen:
                line = key.start_mark.line + 1
                faults.append(Fault(name, line, "", f"the key '{key.value}' is written twice"))
            seen.add(key.value)
            faults += _walk(child, (*path, key.value), lines, name)
            lines[(*path, key.value)] = key.start_mark.line + 1
    return faults
