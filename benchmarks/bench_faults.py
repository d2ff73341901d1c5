"""Faults at random moments while articles flow and editors decide: what is lost, doubled, stuck, told wrongly.

FAULT_TIMES (20) is how often each fault happens, FAULT_CUT (60) for how many seconds a network is cut.
"""

import json
import os
import subprocess
import sys

from benchmarks.fault_run import FAULTS, LIMIT
from benchmarks.measure import Measure

BROKERS = ("pgmq", "rabbitmq")
_NOT_COUNTED = ("longest", "lies", "beats", "hits")


def measure() -> list[Measure]:
    """Return the rows of every fault over both brokers."""
    times = int(os.environ.get("FAULT_TIMES", "20"))
    cut = float(os.environ.get("FAULT_CUT", "60"))
    return [
        row
        for broker in BROKERS
        for kind, found in hurt(broker, times, cut, FAULTS).items()
        for row in rows(f"{times} x {kind} over {broker}", found)
    ]


def hurt(
    broker: str, times: int, cut: float, kinds: tuple[str, ...]
) -> dict[str, dict[str, float]]:
    """Run the faults in a process of their own; return what came of each kind."""
    command = [sys.executable, "-m", "benchmarks.fault_run", broker, str(times), str(cut), *kinds]
    environment = {name: value for name, value in os.environ.items() if name != "CELERY_BROKER_URL"}
    done = subprocess.run(  # noqa: S603 - a fixed command
        command, env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def rows(name: str, found: dict[str, float]) -> list[Measure]:
    """Return the measures of one kind of fault; what is wrong is named."""
    wrong = {what: count for what, count in found.items() if what not in _NOT_COUNTED and count}
    named = (
        f" ({', '.join(f'{what}: {count:g}' for what, count in wrong.items())})" if wrong else ""
    )
    return [
        Measure(
            f"{name}: lost or doubled{named}", "rows", 0, sum(map(abs, wrong.values())), "lower"
        ),
        Measure(f"{name}: all through after", "s", LIMIT, found["longest"], "lower"),
        Measure(f"{name}: untrue on the Pipeline page", "figures", 0, found["lies"], "lower"),
        Measure(f"{name}: faults amid unfinished work", "faults", 1, found["hits"], "higher"),
        Measure(f"{name}: beats that send", "beats", 1, found["beats"], "lower"),
    ]
