"""YAML as dossier files use it: YAML 1.2's plain words, no guessed dates, line numbers kept."""

import re
from pathlib import Path
from typing import Any, Final

import yaml

from apps.core.dossier.faults import Fault

Path_ = tuple[str | int, ...]
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# A dossier of ten thousand events is a tenth of it.
LONGEST: Final = 50_000_000  # characters
DEEPEST: Final = 20
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
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return nothing, [Fault(name, 0, "", "the file is not UTF-8 text")]
    if len(text) > LONGEST:
        return nothing, [Fault(name, 0, "", f"the file has more than {LONGEST:,} characters")]
    try:
        return _loaded(text, name)
    except yaml.reader.ReaderError as error:
        return nothing, [Fault(name, 0, "", f"not YAML: {error.reason}")]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        return nothing, [Fault(name, line, "", f"not YAML: {error.problem}")]
    except ValueError as error:  # a tag that its value does not fit
        return nothing, [Fault(name, 0, "", f"not YAML that a dossier may have: {error}")]


def _loaded(text: str, name: str) -> tuple[YamlFile, list[Fault]]:
    if line := _too_deep(text):
        reason = f"nothing in a dossier is nested more than {DEEPEST} deep"
        return YamlFile(name, None, {}), [Fault(name, line, "", reason)]
    loader = _Loader(text)
    try:
        root = loader.get_single_node()
        if root is None:
            return YamlFile(name, None, {}), [Fault(name, 0, "", "the file is empty")]
        walk = _Walk(name)
        walk.over(root, ())
        content = None if walk.faults else loader.construct_document(root)
    finally:
        loader.dispose()
    return YamlFile(name, content, walk.lines), walk.faults


def _too_deep(text: str) -> int:
    """Return the line where a text is nested too deep, else 0: the stack has to hold the tree."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                mark: Any = event.start_mark
                return int(mark.line) + 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return 0


class _Walk:
    """Notes the line of every part; reports what would be lost or grow without end."""

    def __init__(self, name: str) -> None:
        self.lines: dict[Path_, int] = {}
        self.faults: list[Fault] = []
        self._name, self._met = name, set[int]()

    def over(self, node: Any, path: Path_) -> None:
        """Go over a part and all below it."""
        self.lines[path] = node.start_mark.line + 1
        if isinstance(node, yaml.ScalarNode):
            return
        if id(node) in self._met:
            self._fault(node, "a part that is written elsewhere (*alias) is to be written out here")
        else:
            self._met.add(id(node))
            self._below(node, path)

    def _below(self, node: Any, path: Path_) -> None:
        if isinstance(node, yaml.SequenceNode):
            for index, child in enumerate(node.value):
                self.over(child, (*path, index))
            return
        seen: set[str] = set()
        for key, child in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._fault(key, "a key is a word")
                continue
            if key.value in seen:
                self._fault(key, f"the key '{key.value}' is written twice")
            seen.add(key.value)
            self.over(child, (*path, key.value))
            self.lines[(*path, key.value)] = key.start_mark.line + 1

    def _fault(self, node: Any, reason: str) -> None:
        self.faults.append(Fault(self._name, node.start_mark.line + 1, "", reason))
