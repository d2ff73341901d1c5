"""`python -m benchmarks [name ...]`: run benchmarks/bench_*.py, print one table, exit 0 where all hold.

`python -m benchmarks annotation --errors KIND` lists what was read wrongly instead.

A benchmark module has one function, `measure() -> list[Measure]`. Nothing is written: who wants to keep the
table puts it into benchmarks/RESULTS.md, with the machine and the commit.
"""

import argparse
import sys
from importlib import import_module
from pathlib import Path

from benchmarks.bench_annotation import KINDS, errors
from benchmarks.measure import table


def main(names: list[str]) -> int:
    """Run the named benchmarks (or all) and print their table; 1 where a target is missed."""
    found = sorted(
        file.stem.removeprefix("bench_") for file in Path(__file__).parent.glob("bench_*.py")
    )
    unknown = set(names) - set(found)
    if unknown:
        sys.exit(
            f"No benchmark is called {', '.join(sorted(unknown))}; there are: {', '.join(found)}."
        )
    measures = [
        measure
        for name in names or found
        for measure in import_module(f"benchmarks.bench_{name}").measure()
    ]
    print(table(measures))
    return 0 if all(measure.holds for measure in measures) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--errors", metavar="KIND", help=f"one of {', '.join(KINDS)}")
    told = parser.parse_args()
    if told.errors is not None and told.errors not in KINDS:
        parser.error(f"No kind of error is called {told.errors}; there are: {', '.join(KINDS)}.")
    if told.errors is not None and told.names != ["annotation"]:
        parser.error("Only annotation lists errors: python -m benchmarks annotation --errors KIND")
    return told


if __name__ == "__main__":
    arguments = _arguments()
    if arguments.errors:
        print(errors(arguments.errors))
        sys.exit(0)
    sys.exit(main(arguments.names))
