"""Read a dossier's folder: all files, all faults at once, or values ready for use."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from apps.core.dossier import crosscheck, normal, structure, yamlfile
from apps.core.dossier.faults import DossierError, Fault
from apps.core.dossier.yamlfile import YamlFile

Item = dict[str, Any]


@dataclass(slots=True)
class Dossier:
    """A checked dossier. Dates are `datetime.date`; keys left out of the files are filled in.

    `events` have `start`, `end`, `precision` and `edtf` beside the written `date`; `aliases` of actors are
    lists of {name, kind}; `dispatches` have `text`. See normal.py for each kind of item.
    """

    slug: str
    directory: Path
    timeline: Item
    actors: list[Item] = field(default_factory=list)
    places: list[Item] = field(default_factory=list)
    sources: list[Item] = field(default_factory=list)
    events: list[Item] = field(default_factory=list)
    dispatches: list[Item] = field(default_factory=list)
    reviewed: list[Item] = field(default_factory=list)


# definition in the schema -> (file, needed)
FILES = {
    "timeline": ("dossier.yaml", True),
    "actors": ("actors.yaml", True),
    "places": ("places.yaml", True),
    "sources": ("sources.yaml", True),
    "dispatches": ("dispatches/index.yaml", False),
    "reviewed": ("dispatches/reviewed.yaml", False),
}


def read(directory: Path) -> Dossier:
    """Read and check the dossier in `directory`.

    Raises DossierError with every fault found: YAML, shape, dates, references, ids, quotes.
    """
    if not directory.is_dir():
        raise DossierError([Fault(str(directory), 0, "", "there is no such dossier folder")])
    files, faults = _load(directory)
    for definition, loaded in files.items():
        for file in loaded:
            faults += structure.check(file, definition)
    if faults:
        raise DossierError(faults)
    faults = crosscheck.faults_of(files, directory)
    if faults:
        raise DossierError(faults)
    return _assemble(directory, files)


def _load(directory: Path) -> tuple[dict[str, list[YamlFile]], list[Fault]]:
    """Load every file that is there; say which needed one is not."""
    files: dict[str, list[YamlFile]] = {}
    faults: list[Fault] = []
    paths = {key: [directory / name] for key, (name, _) in FILES.items()}
    paths["events"] = [directory / "events.yaml", *sorted((directory / "events").glob("*.yaml"))]
    for definition, candidates in paths.items():
        present = [path for path in candidates if path.is_file()]
        if not present and FILES.get(definition, ("", True))[1]:
            faults.append(Fault(candidates[0].name, 0, "", "the file is missing"))
        for path in present:
            file, found = yamlfile.load(path, path.relative_to(directory).as_posix())
            faults += found
            if not found:
                files.setdefault(definition, []).append(file)
    return files, faults


def _assemble(directory: Path, files: dict[str, list[YamlFile]]) -> Dossier:
    """Put checked files together, each item with real dates and every key."""

    def items(kind: str) -> list[Item]:
        return [item for file in files.get(kind, []) for item in file.content]

    timeline = normal.timeline(files["timeline"][0].content)
    return Dossier(
        slug=timeline["slug"],
        directory=directory,
        timeline=timeline,
        actors=[normal.actor(item) for item in items("actors")],
        places=[normal.place(item) for item in items("places")],
        sources=[normal.source(item) for item in items("sources")],
        events=[normal.event(item) for item in items("events")],
        dispatches=[normal.dispatch(item, directory) for item in items("dispatches")],
        reviewed=[normal.review(item) for item in items("reviewed")],
    )
