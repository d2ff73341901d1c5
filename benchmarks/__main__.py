"""`python -m benchmarks [name ...]`: run benchmarks/bench_*.py, print one table, exit 0 where all hold.

A benchmark module has one function, `measure() -> list[Measure]`. Nothing is written: who wants to keep the
table puts it into benchmarks/RESULTS.md, with the machine and the commit.
"""

import sys
from importlib import import_module
from pathlib import Path

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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
